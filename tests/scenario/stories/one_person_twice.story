# Ada pays twice and neither opens the course: two handoffs, one person.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_1
10:03 checkout says checkout.session.completed email=ada@example.com payment_id=pay_2
10:20 nothing
expect ada@example.com payment_to_access is late for pay_1
expect ada@example.com payment_to_access is late for pay_2
expect H-1 people 1
10:21 course_platform says course.access_granted email=ada@example.com
expect ada@example.com payment_to_access is late-confirmed for pay_2
expect H-1 people 0
expect H-1 state resolved
