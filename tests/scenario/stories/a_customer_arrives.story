# Ada fills in the form, books a call, pays, gets her course and her welcome: nobody is bothered.
day 2026-11-23
10:00:00 website_form says form.submitted email=ada@example.com first_name=Ada offer=group_program
expect ada@example.com form_to_crm is confirmed
expect ada@example.com crm_to_booking is open
10:05:00 calendar says booking.created email=Ada@Example.com
expect ada@example.com crm_to_booking is confirmed
expect ada@example.com booking_status = booked
11:00:00 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
expect ada@example.com payment_to_access is open for pay_81
11:01:00 course_platform says course.access_granted email=ada@example.com
expect ada@example.com payment_to_access is confirmed for pay_81
expect ada@example.com access_to_follow_up is open
11:02:00 email says message.sent email=ada@example.com template=member_welcome
expect ada@example.com access_to_follow_up is confirmed
23:00 nothing
expect H-1 absent
expect told priya 0
expect journal 5
