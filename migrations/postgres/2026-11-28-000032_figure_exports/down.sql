DELETE FROM leases WHERE name = 'exports';
