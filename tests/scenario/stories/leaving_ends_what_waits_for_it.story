workspace tests/scenario/office
# Ben asks, and the day after leaves by the link in a letter: in the same moment the follow-up that waits for him ends,
# though the contract of the field names no page among its writers.
day 2026-11-23
10:00:00 form says lead.came email=ben@example.com offer=small
expect ben@example.com waits follow_up 3
day 2026-11-24
12:00:00 ben@example.com leaves news
expect ben@example.com news = withdrawn
expect ben@example.com waits follow_up nowhere
expect automation follow_up running 0 stopped 1
expect ben@example.com may not get news "withdrew from news on 2026-11-24T12:00:00Z by the link in a letter"
