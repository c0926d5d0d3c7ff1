# The course opens 12 minutes after the payment: the failure owner hears of it, and the proof closes the issue.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
10:06 nothing
expect ada@example.com payment_to_access is open
10:08 nothing
expect ada@example.com payment_to_access is late
expect H-1 state new
expect H-1 cause no proof
expect H-1 severity urgent
expect H-1 owner dan
expect H-1 people 1
expect told priya 1
10:14 course_platform says course.access_granted email=ada@example.com
expect ada@example.com payment_to_access is late-confirmed
expect H-1 state resolved
expect H-1 closed_by proof
