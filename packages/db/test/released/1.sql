PRAGMA application_id = 1835233384;
PRAGMA user_version = 1;
CREATE TABLE `events` (
	`epoch` integer NOT NULL,
	`n` integer NOT NULL,
	`time` integer NOT NULL,
	`json` text NOT NULL,
	PRIMARY KEY(`epoch`, `n`)
) WITHOUT ROWID;
CREATE TABLE `incidents` (
	`id` text PRIMARY KEY NOT NULL,
	`time` integer NOT NULL,
	`source` text NOT NULL,
	`proxy` text,
	`proxy_name` text,
	`instance` text,
	`stream` integer,
	`seq` integer,
	`code` text NOT NULL,
	`detail` text NOT NULL,
	`count` integer
);
CREATE INDEX `incidents_by_time` ON `incidents` (`time`,`id`);
CREATE INDEX `incidents_by_proxy` ON `incidents` (`proxy_name`,`time`,`id`);
CREATE INDEX `incidents_by_stream` ON `incidents` (`stream`,`seq`);
CREATE TABLE `marks` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
CREATE TABLE `proxies` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`first_seen` integer NOT NULL,
	`last_seen` integer NOT NULL,
	`session` text
);
CREATE TABLE `records` (
	`time` integer NOT NULL,
	`stream` integer NOT NULL,
	`seq` integer NOT NULL,
	`shape` integer NOT NULL,
	`request_id` text,
	`size` integer,
	`decision` integer,
	`outcome` integer,
	`eval_us` integer,
	`wait_us` integer,
	`duration_us` integer,
	`backend_us` integer,
	`offset` integer NOT NULL,
	`length` integer NOT NULL,
	`hash` blob NOT NULL,
	PRIMARY KEY(`time`, `stream`, `seq`)
) WITHOUT ROWID;
CREATE UNIQUE INDEX `records_by_stream` ON `records` (`stream`,`seq`);
CREATE INDEX `records_by_shape` ON `records` (`shape`,`time`,`stream`,`seq`);
CREATE TABLE `series` (
	`scope` text NOT NULL,
	`width` integer NOT NULL,
	`proxy` text NOT NULL,
	`tool` text NOT NULL,
	`start` integer NOT NULL,
	`requests` integer NOT NULL,
	`allowed` integer NOT NULL,
	`denied` integer NOT NULL,
	`effect_allow` integer NOT NULL,
	`effect_ask` integer NOT NULL,
	`effect_deny` integer NOT NULL,
	`statuses` text NOT NULL,
	`call` blob,
	`backend` blob,
	`evaluation` blob,
	`human_wait` blob,
	PRIMARY KEY(`scope`, `width`, `tool`, `proxy`, `start`)
) WITHOUT ROWID;
CREATE TABLE `shapes` (
	`id` integer PRIMARY KEY NOT NULL,
	`proxy` text NOT NULL,
	`proxy_name` text NOT NULL,
	`type` text NOT NULL,
	`event` text,
	`sender` text,
	`class` text,
	`method` text,
	`tool` text,
	`prompt` text,
	`client` text,
	`subject` text,
	`decided_by` text,
	`effect` text,
	`disposition` text,
	`reason` text,
	`status` text,
	`outcome_reason` text,
	`state` text,
	`detail` text,
	`words` text NOT NULL,
	`records` integer NOT NULL
);
CREATE INDEX `shapes_by_proxy` ON `shapes` (`proxy_name`,`type`);
CREATE INDEX `shapes_by_tool` ON `shapes` (`tool`,`type`);
CREATE INDEX `shapes_unused` ON `shapes` (`id`) WHERE records = 0;
CREATE TABLE `streams` (
	`id` integer PRIMARY KEY NOT NULL,
	`proxy` text NOT NULL,
	`instance` text NOT NULL,
	`stream` text NOT NULL,
	`offset` integer NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`ended` integer NOT NULL,
	`state` text NOT NULL,
	`records` integer NOT NULL,
	`first` integer,
	`last` integer
);
CREATE UNIQUE INDEX `streams_by_name` ON `streams` (`proxy`,`stream`);
CREATE INDEX `streams_by_instance` ON `streams` (`instance`);
CREATE VIRTUAL TABLE `shapes_text` USING fts5(`words`, content='', contentless_delete=1, tokenize='trigram case_sensitive 1');
INSERT INTO events VALUES (7, 1, 1767225600000, '{"type":"manager_started"}');
INSERT INTO incidents VALUES ('inst_aaaaaaaaaaaaaaaa.0001:5', 1767225600400, 'journal', 'px_aaaaaaaaaaaaaaaa', 'proxy-0', 'inst_aaaaaaaaaaaaaaaa', 3941615135737711, 5, 'payloads_unavailable', 'ENOSPC', 2);
INSERT INTO incidents VALUES ('inst_baaaaaaaaaaaaaaa.0001:5', 1767225600400, 'journal', 'px_baaaaaaaaaaaaaaa', 'proxy-1', 'inst_baaaaaaaaaaaaaaa', 259310956475246, 5, 'payloads_unavailable', 'ENOSPC', 2);
INSERT INTO marks VALUES ('inst_aaaaaaaaaaaaaaaa', 'inst_aaaaaaaaaaaaaaaa.9');
INSERT INTO proxies VALUES ('px_aaaaaaaaaaaaaaaa', 'proxy-0', 1767225600000, 1767225600000, '{}');
INSERT INTO proxies VALUES ('px_baaaaaaaaaaaaaaa', 'proxy-1', 1767225600000, 1767225600000, '{}');
INSERT INTO records VALUES (1767225600000, 259310956475246, 1, 3914544931327626, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 100, X'0000000000000000000000000000000000000000000000000000000000000001');
INSERT INTO records VALUES (1767225600000, 3941615135737711, 1, 3197679288675080, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, 100, X'0000000000000000000000000000000000000000000000000000000000000001');
INSERT INTO records VALUES (1767225600100, 259310956475246, 2, 2760410605190589, '1', 120, NULL, 3, 12, NULL, NULL, NULL, 100, 100, X'0000000000000000000000000000000000000000000000000000000000000002');
INSERT INTO records VALUES (1767225600100, 3941615135737711, 2, 469342730889372, '1', 120, NULL, 3, 12, NULL, NULL, NULL, 100, 100, X'0000000000000000000000000000000000000000000000000000000000000002');
INSERT INTO records VALUES (1767225600250, 259310956475246, 3, 3043132481606619, NULL, 99, 2, NULL, NULL, NULL, 150000, 149000, 200, 100, X'0000000000000000000000000000000000000000000000000000000000000003');
INSERT INTO records VALUES (1767225600250, 3941615135737711, 3, 4348727508299799, NULL, 99, 2, NULL, NULL, NULL, 150000, 149000, 200, 100, X'0000000000000000000000000000000000000000000000000000000000000003');
INSERT INTO records VALUES (1767225600300, 259310956475246, 4, 3674703616688624, NULL, 120, NULL, NULL, 12, NULL, NULL, NULL, 300, 100, X'0000000000000000000000000000000000000000000000000000000000000004');
INSERT INTO records VALUES (1767225600300, 3941615135737711, 4, 138340102305919, NULL, 120, NULL, NULL, 12, NULL, NULL, NULL, 300, 100, X'0000000000000000000000000000000000000000000000000000000000000004');
INSERT INTO records VALUES (1767225600400, 259310956475246, 5, 1205470403503784, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 400, 100, X'0000000000000000000000000000000000000000000000000000000000000005');
INSERT INTO records VALUES (1767225600400, 3941615135737711, 5, 2935525927857361, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 400, 100, X'0000000000000000000000000000000000000000000000000000000000000005');
INSERT INTO records VALUES (1767225600500, 259310956475246, 6, 3159085814351199, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 500, 100, X'0000000000000000000000000000000000000000000000000000000000000006');
INSERT INTO records VALUES (1767225600500, 3941615135737711, 6, 1092632228472857, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 500, 100, X'0000000000000000000000000000000000000000000000000000000000000006');
INSERT INTO series VALUES ('all', 1, '', '', 1767225600000, 4, 2, 2, 2, 0, 2, '{"ok":2}', X'e0a712a40102', X'909812a40102', X'302a04', NULL);
INSERT INTO series VALUES ('all', 60, '', '', 1767225600000, 4, 2, 2, 2, 0, 2, '{"ok":2}', X'e0a712a40102', X'909812a40102', X'302a04', NULL);
INSERT INTO series VALUES ('proxy', 1, 'proxy-0', '', 1767225600000, 2, 1, 1, 1, 0, 1, '{"ok":1}', X'f09309a40101', X'888c09a40101', X'182a02', NULL);
INSERT INTO series VALUES ('proxy', 1, 'proxy-1', '', 1767225600000, 2, 1, 1, 1, 0, 1, '{"ok":1}', X'f09309a40101', X'888c09a40101', X'182a02', NULL);
INSERT INTO series VALUES ('proxy', 60, 'proxy-0', '', 1767225600000, 2, 1, 1, 1, 0, 1, '{"ok":1}', X'f09309a40101', X'888c09a40101', X'182a02', NULL);
INSERT INTO series VALUES ('proxy', 60, 'proxy-1', '', 1767225600000, 2, 1, 1, 1, 0, 1, '{"ok":1}', X'f09309a40101', X'888c09a40101', X'182a02', NULL);
INSERT INTO series VALUES ('tool', 1, 'proxy-0', 'read_file', 1767225600000, 1, 1, 0, 1, 0, 0, '{"ok":1}', X'f09309a40101', X'888c09a40101', X'0c2a01', NULL);
INSERT INTO series VALUES ('tool', 1, 'proxy-1', 'read_file', 1767225600000, 1, 1, 0, 1, 0, 0, '{"ok":1}', X'f09309a40101', X'888c09a40101', X'0c2a01', NULL);
INSERT INTO series VALUES ('tool', 1, 'proxy-0', 'write_file', 1767225600000, 1, 0, 1, 0, 0, 1, '{}', NULL, NULL, X'0c2a01', NULL);
INSERT INTO series VALUES ('tool', 1, 'proxy-1', 'write_file', 1767225600000, 1, 0, 1, 0, 0, 1, '{}', NULL, NULL, X'0c2a01', NULL);
INSERT INTO series VALUES ('tool', 60, 'proxy-0', 'read_file', 1767225600000, 1, 1, 0, 1, 0, 0, '{"ok":1}', X'f09309a40101', X'888c09a40101', X'0c2a01', NULL);
INSERT INTO series VALUES ('tool', 60, 'proxy-1', 'read_file', 1767225600000, 1, 1, 0, 1, 0, 0, '{"ok":1}', X'f09309a40101', X'888c09a40101', X'0c2a01', NULL);
INSERT INTO series VALUES ('tool', 60, 'proxy-0', 'write_file', 1767225600000, 1, 0, 1, 0, 0, 1, '{}', NULL, NULL, X'0c2a01', NULL);
INSERT INTO series VALUES ('tool', 60, 'proxy-1', 'write_file', 1767225600000, 1, 0, 1, 0, 0, 1, '{}', NULL, NULL, X'0c2a01', NULL);
INSERT INTO shapes VALUES (138340102305919, 'px_aaaaaaaaaaaaaaaa', 'proxy-0', 'decision', NULL, 'client', 'access', 'tools/call', 'write_file', NULL, 'claude', 'local:ann', NULL, 'deny', 'denied', 'policy_denied', NULL, NULL, NULL, NULL, 'proxy-0
decision
client
access
tools/call
write_file
claude
local:ann
deny
denied
policy_denied', 1);
INSERT INTO shapes VALUES (469342730889372, 'px_aaaaaaaaaaaaaaaa', 'proxy-0', 'decision', NULL, 'client', 'access', 'tools/call', 'read_file', NULL, 'claude', 'local:ann', 'read-project', 'allow', 'forwarded', NULL, 'ok', NULL, NULL, NULL, 'proxy-0
decision
client
access
tools/call
read_file
claude
local:ann
read-project
allow
forwarded
ok', 1);
INSERT INTO shapes VALUES (1092632228472857, 'px_aaaaaaaaaaaaaaaa', 'proxy-0', 'session', 'closed', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'client_closed', NULL, NULL, NULL, NULL, 'proxy-0
session
closed
client_closed', 1);
INSERT INTO shapes VALUES (1205470403503784, 'px_baaaaaaaaaaaaaaa', 'proxy-1', 'incident', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'payloads_unavailable', NULL, NULL, NULL, 'ENOSPC', 'proxy-1
incident
payloads_unavailable
enospc', 1);
INSERT INTO shapes VALUES (2760410605190589, 'px_baaaaaaaaaaaaaaa', 'proxy-1', 'decision', NULL, 'client', 'access', 'tools/call', 'read_file', NULL, 'claude', 'local:ann', 'read-project', 'allow', 'forwarded', NULL, 'ok', NULL, NULL, NULL, 'proxy-1
decision
client
access
tools/call
read_file
claude
local:ann
read-project
allow
forwarded
ok', 1);
INSERT INTO shapes VALUES (2935525927857361, 'px_aaaaaaaaaaaaaaaa', 'proxy-0', 'incident', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'payloads_unavailable', NULL, NULL, NULL, 'ENOSPC', 'proxy-0
incident
payloads_unavailable
enospc', 1);
INSERT INTO shapes VALUES (3043132481606619, 'px_baaaaaaaaaaaaaaa', 'proxy-1', 'outcome', NULL, 'client', 'access', 'tools/call', 'read_file', NULL, 'claude', 'local:ann', 'read-project', 'allow', 'forwarded', NULL, 'ok', NULL, NULL, NULL, 'proxy-1
outcome
client
access
tools/call
read_file
claude
local:ann
read-project
allow
forwarded
ok', 1);
INSERT INTO shapes VALUES (3159085814351199, 'px_baaaaaaaaaaaaaaa', 'proxy-1', 'session', 'closed', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'client_closed', NULL, NULL, NULL, NULL, 'proxy-1
session
closed
client_closed', 1);
INSERT INTO shapes VALUES (3197679288675080, 'px_aaaaaaaaaaaaaaaa', 'proxy-0', 'session', 'opened', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'proxy-0
session
opened', 1);
INSERT INTO shapes VALUES (3674703616688624, 'px_baaaaaaaaaaaaaaa', 'proxy-1', 'decision', NULL, 'client', 'access', 'tools/call', 'write_file', NULL, 'claude', 'local:ann', NULL, 'deny', 'denied', 'policy_denied', NULL, NULL, NULL, NULL, 'proxy-1
decision
client
access
tools/call
write_file
claude
local:ann
deny
denied
policy_denied', 1);
INSERT INTO shapes VALUES (3914544931327626, 'px_baaaaaaaaaaaaaaa', 'proxy-1', 'session', 'opened', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'proxy-1
session
opened', 1);
INSERT INTO shapes VALUES (4348727508299799, 'px_aaaaaaaaaaaaaaaa', 'proxy-0', 'outcome', NULL, 'client', 'access', 'tools/call', 'read_file', NULL, 'claude', 'local:ann', 'read-project', 'allow', 'forwarded', NULL, 'ok', NULL, NULL, NULL, 'proxy-0
outcome
client
access
tools/call
read_file
claude
local:ann
read-project
allow
forwarded
ok', 1);
INSERT INTO streams VALUES (259310956475246, 'px_baaaaaaaaaaaaaaa', 'inst_baaaaaaaaaaaaaaa', 'inst_baaaaaaaaaaaaaaa.0001', 600, 6, '0000000000000000000000000000000000000000000000000000000000000006', 1, 'open', 6, 1767225600000, 1767225600500);
INSERT INTO streams VALUES (3941615135737711, 'px_aaaaaaaaaaaaaaaa', 'inst_aaaaaaaaaaaaaaaa', 'inst_aaaaaaaaaaaaaaaa.0001', 600, 6, '0000000000000000000000000000000000000000000000000000000000000006', 1, 'open', 6, 1767225600000, 1767225600500);
INSERT INTO shapes_text (rowid, words) SELECT id, words FROM shapes;
