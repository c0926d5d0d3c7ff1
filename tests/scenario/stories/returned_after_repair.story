# The same failure comes back after it was put right: it says so, and is told again.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
10:10 course_platform says course.access_granted email=ada@example.com
10:11 email says message.sent email=ada@example.com
expect H-1 state resolved
11:00 website_form says form.submitted email=ben@example.com
11:02 checkout says checkout.session.completed email=ben@example.com payment_id=pay_82
11:10 nothing
expect H-1 state regressed
expect H-1 returned 1
expect H-2 absent
expect told priya 2
