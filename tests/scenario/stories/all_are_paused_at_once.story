workspace tests/scenario/leads
# One word stops everything; what was paused before stays so with its own reason, and one word lets all go on.
day 2026-11-23
10:00:00 maya pauses heat too hot
11:00:00 maya pauses all the mail server is down
11:00:00 maya may not pause all
12:00:00 form says lead.came email=ada@example.com offer=big
12:00:00 till says money.paid email=ben@example.com payment_id=p1
expect automation follow_up running 0 kept_out 1
expect automation count_payments running 0 kept_out 1
13:00:00 maya resumes all
13:00:00 maya may not resume heat
13:30:00 form says lead.came email=ada@example.com offer=big
expect automation follow_up running 1
