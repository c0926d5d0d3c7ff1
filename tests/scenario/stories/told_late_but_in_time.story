# The course did open in time; only its message was late. By when it happened the handoff is confirmed.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
10:10 nothing
expect ada@example.com payment_to_access is late
10:20 course_platform says course.access_granted email=ada@example.com at=10:03
expect ada@example.com payment_to_access is confirmed
expect H-1 state resolved
