# A form without a first name: the event is kept, the form's owner hears which field is missing.
day 2026-11-23
10:00 checkout says checkout.session.completed email=eve@example.com payment_id=pay_9
expect eve@example.com payment_to_access is open
expect H-1 cause missing field
expect H-1 owner maya
expect told maya 1
10:02 website_form says form.submitted email=eve@example.com
expect H-1 state resolved
