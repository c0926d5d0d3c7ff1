workspace tests/scenario/agency
# Ada asks. Dan is to call her by the next day, and does; a week later her own seller is to ask once more.
day 2026-11-23
10:00:00 form says lead.came email=ada@example.com name=Ada owner=eva
expect ada@example.com has 1 task
expect ada@example.com task "Call Ada" open dan 2026-11-24T10:00
10:30:00 dan does "Call Ada" of ada@example.com
expect ada@example.com task "Call Ada" done dan
day 2026-11-24
12:00:00 nothing
expect H-1 absent
day 2026-11-30
10:00:00 nothing
expect ada@example.com task "Ask Ada once more" open eva 2026-12-01
expect automation call_lead done 1
