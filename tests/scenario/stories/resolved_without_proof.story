# Dan closes the issue with a reason and his name; what was not proven is waived, not proven.
day 2026-11-23
10:00 website_form says form.submitted email=ada@example.com
10:02 checkout says checkout.session.completed email=ada@example.com payment_id=pay_81
10:10 dan resolves H-1 "refunded by phone"
expect H-1 state resolved
expect H-1 closed_by dan
expect ada@example.com payment_to_access is waived
