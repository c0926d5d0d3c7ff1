# A recovery that brings no proof in time is a failure again, and stays on the list.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
11:05 dan recovers H-1
expect ada@example.com payment_to_access is recovering
11:20 nothing
expect ada@example.com payment_to_access is failed
expect H-1 people 1
expect H-1 state new
