# Nobody opens the course for an hour; Maya is told too. Dan marks the recovery; the proof completes it.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
10:40 nothing
expect told priya 1
expect told maya 1
11:02 nothing
expect ada@example.com payment_to_access is failed
expect H-1 people 1
11:05 dan recovers H-1
expect ada@example.com payment_to_access is recovering
11:06 course_platform says course.access_granted email=ada@example.com
expect ada@example.com payment_to_access is recovered
expect H-1 state resolved
expect H-1 closed_by proof
