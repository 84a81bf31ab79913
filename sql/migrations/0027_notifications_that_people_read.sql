-- Old notifications are deleted by their age, over all organizations.
create index notification_created_at_idx on app.notification (created_at);
