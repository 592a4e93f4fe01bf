-- held_by_email --
-- Every record with an e-mail address, given in lower case; also deleted ones and lines of sign-in sheets.
SELECT 'hubspot', remote_id FROM contact
WHERE lower(email) = :email OR EXISTS (SELECT 1 FROM json_each(additional_emails) AS one WHERE lower(one.value) = :email)
UNION
SELECT source, remote_id FROM candidate
WHERE EXISTS (SELECT 1 FROM json_each(email_addresses) AS one WHERE lower(one.value) = :email)
UNION
SELECT source, remote_id FROM attendance WHERE lower(email) = :email;

-- held_by_id --
-- Contacts and candidates with an id, also deleted ones; of one source when it is given.
SELECT 'hubspot', remote_id FROM contact WHERE remote_id = :remote_id AND coalesce(:source, 'hubspot') = 'hubspot'
UNION
SELECT source, remote_id FROM candidate WHERE remote_id = :remote_id AND source = coalesce(:source, source);

-- held_names --
-- E-mail addresses and first names of records, in lower case: by whether it is an address.
SELECT 1, lower(email) FROM contact
WHERE remote_id IN (SELECT value->>1 FROM json_each(:refs) WHERE value->>0 = 'hubspot') AND email <> ''
UNION
SELECT 1, lower(one.value) FROM contact, json_each(additional_emails) AS one
WHERE contact.remote_id IN (SELECT value->>1 FROM json_each(:refs) WHERE value->>0 = 'hubspot')
UNION
SELECT 0, lower(first_name) FROM contact
WHERE remote_id IN (SELECT value->>1 FROM json_each(:refs) WHERE value->>0 = 'hubspot') AND first_name <> ''
UNION
SELECT 1, lower(one.value) FROM candidate, json_each(email_addresses) AS one
WHERE (source, remote_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs))
UNION
SELECT 0, lower(first_name) FROM candidate
WHERE (source, remote_id) IN (SELECT value->>0, value->>1 FROM json_each(:refs)) AND first_name <> '';
