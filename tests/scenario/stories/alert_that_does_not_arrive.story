# The mail server refuses the alert: that is a failure of its own, with an owner. When mail works again it closes.
day 2026-11-23
alerts are refused
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
10:08 nothing
expect H-2 cause alert failed
expect H-2 owner maya
alerts are confirmed
10:20 course_platform says course.access_granted email=ada@example.com
11:00 website_form says form.submitted email=ben@example.com
11:02 checkout says checkout.session.completed email=ben@example.com payment_id=pay_82
11:20 nothing
expect H-1 state regressed
expect H-2 state resolved
