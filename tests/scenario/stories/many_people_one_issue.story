# Three clients cannot open the course: one issue, told once.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:00 website_form says form.submitted email=ben@example.com
10:00 website_form says form.submitted email=cy@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_1
10:03 checkout says checkout.session.completed email=ben@example.com payment_id=pay_2
10:04 checkout says checkout.session.completed email=cy@example.com payment_id=pay_3
10:20 nothing
expect H-1 people 3
expect H-2 absent
expect told priya 1
10:21 course_platform says course.access_granted email=ada@example.com
10:22 course_platform says course.access_granted email=ben@example.com
expect H-1 people 1
expect H-1 state new
10:23 course_platform says course.access_granted email=cy@example.com
expect H-1 state resolved
