# The course platform is faster than the checkout's webhook: the proof counts when the handoff opens.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 course_platform says course.access_granted email=ada@example.com
10:03 email says message.sent email=ada@example.com template=member_welcome
10:04 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81 at=10:01
expect ada@example.com payment_to_access is confirmed
expect ada@example.com access_to_follow_up is confirmed
12:00 nothing
expect H-1 absent
