# Maya hears on the phone what Ada really wants. The form says otherwise again and again; her choice stays, and she is asked once.
day 2026-11-23
10:00:00 website_form says form.submitted email=ada@example.com offer=group_program
10:10:00 maya sets ada@example.com offer = one_to_one
expect ada@example.com offer = one_to_one
expect ada@example.com offer beside website_form is by rule group_program
10:20:00 website_form says form.submitted email=ada@example.com offer=discovery_call
expect ada@example.com offer = one_to_one
expect ada@example.com offer beside website_form is pinned discovery_call
expect H-1 cause conflict
expect H-1 owner maya
expect H-1 people 1
# she says it once more: that answers it, and the same word is no question again
10:30:00 maya sets ada@example.com offer = one_to_one
expect H-1 state resolved
expect H-1 closed_by proof
10:40:00 website_form says form.submitted email=ada@example.com offer=discovery_call
expect H-1 state resolved
expect ada@example.com offer beside website_form is answered discovery_call
# another word is another question
10:50:00 website_form says form.submitted email=ada@example.com offer=group_program
expect H-1 state regressed
expect H-1 returned 1
# and who agrees in the end is asked about no more
11:00:00 website_form says form.submitted email=ada@example.com offer=one_to_one
expect H-1 state resolved
expect ada@example.com offer beside website_form is nothing
# a stage is moved by its evidence, and nobody gives a consent for somebody else
11:10:00 maya may not set ada@example.com lifecycle = client
11:10:00 maya may not set ada@example.com consent_email = given
11:10:00 maya may not set ada@example.com payment_status = paid
11:10:00 maya may not set ada@example.com offer = gold
11:10:00 maya sets ada@example.com consent_email = withdrawn
expect ada@example.com consent_email = withdrawn
