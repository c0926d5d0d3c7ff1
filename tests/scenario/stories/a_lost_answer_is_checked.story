workspace tests/scenario/school
# Ada pays. The course platform opens her course, and its answer is lost: it is asked, not told twice.
day 2026-11-23
course answers late
10:00:00 till says money.paid email=ada@example.com payment_id=pay_1
expect done course.open 1
expect ada@example.com effect course.open doubted
course answers well
10:01:00 nothing
expect done course.open 1
expect ada@example.com effect course.open confirmed
expect ada@example.com access = active
expect ada@example.com effect welcome asks
expect done welcome 0
10:05:00 maya approves welcome for ada@example.com
expect ada@example.com effect welcome confirmed
expect done welcome 1
expect automation open_course running 0 done 1
expect H-1 absent
