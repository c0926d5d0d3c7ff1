# The course was taken away instead of opened: a proof with another value.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
10:03 course_platform says course.access_revoked email=ada@example.com
expect ada@example.com payment_to_access is incorrect
expect H-1 cause incorrect
expect told priya 1
10:10 course_platform says course.access_granted email=ada@example.com
expect ada@example.com payment_to_access is late-confirmed
expect H-1 state resolved
