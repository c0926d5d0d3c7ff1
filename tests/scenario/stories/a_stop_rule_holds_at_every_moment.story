workspace tests/scenario/office
# Ben asks, and pays the next day: nobody follows him up any more. Whoever has paid is not followed up at all.
day 2026-11-23
10:00:00 form says lead.came email=ben@example.com offer=small
expect ben@example.com waits follow_up 3
day 2026-11-24
12:00:00 till says money.paid email=ben@example.com payment_id=p7
expect ben@example.com waits follow_up nowhere
expect automation follow_up running 0 stopped 1
13:00:00 form says lead.came email=ben@example.com offer=big
expect automation follow_up running 0 stopped 1 kept_out 1
