/** Made by embed-migrations.ts from the files in migrations/, in their order. */
export const migrations: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: '0000_history',
    sql: `
CREATE TABLE \`events\` (
	\`epoch\` integer NOT NULL,
	\`n\` integer NOT NULL,
	\`time\` integer NOT NULL,
	\`json\` text NOT NULL,
	PRIMARY KEY(\`epoch\`, \`n\`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE \`incidents\` (
	\`id\` text PRIMARY KEY NOT NULL,
	\`time\` integer NOT NULL,
	\`source\` text NOT NULL,
	\`proxy\` text,
	\`proxy_name\` text,
	\`instance\` text,
	\`stream\` integer,
	\`seq\` integer,
	\`code\` text NOT NULL,
	\`detail\` text NOT NULL,
	\`count\` integer
);
--> statement-breakpoint
CREATE INDEX \`incidents_by_time\` ON \`incidents\` (\`time\`,\`id\`);--> statement-breakpoint
CREATE INDEX \`incidents_by_proxy\` ON \`incidents\` (\`proxy_name\`,\`time\`,\`id\`);--> statement-breakpoint
CREATE INDEX \`incidents_by_stream\` ON \`incidents\` (\`stream\`,\`seq\`);--> statement-breakpoint
CREATE TABLE \`marks\` (
	\`key\` text PRIMARY KEY NOT NULL,
	\`value\` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE \`proxies\` (
	\`id\` text PRIMARY KEY NOT NULL,
	\`name\` text NOT NULL,
	\`first_seen\` integer NOT NULL,
	\`last_seen\` integer NOT NULL,
	\`session\` text
);
--> statement-breakpoint
CREATE TABLE \`records\` (
	\`time\` integer NOT NULL,
	\`stream\` integer NOT NULL,
	\`seq\` integer NOT NULL,
	\`shape\` integer NOT NULL,
	\`request_id\` text,
	\`size\` integer,
	\`decision\` integer,
	\`outcome\` integer,
	\`eval_us\` integer,
	\`wait_us\` integer,
	\`duration_us\` integer,
	\`backend_us\` integer,
	\`offset\` integer NOT NULL,
	\`length\` integer NOT NULL,
	\`hash\` blob NOT NULL,
	PRIMARY KEY(\`time\`, \`stream\`, \`seq\`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX \`records_by_stream\` ON \`records\` (\`stream\`,\`seq\`);--> statement-breakpoint
CREATE INDEX \`records_by_shape\` ON \`records\` (\`shape\`,\`time\`,\`stream\`,\`seq\`);--> statement-breakpoint
CREATE TABLE \`series\` (
	\`scope\` text NOT NULL,
	\`width\` integer NOT NULL,
	\`proxy\` text NOT NULL,
	\`tool\` text NOT NULL,
	\`start\` integer NOT NULL,
	\`requests\` integer NOT NULL,
	\`allowed\` integer NOT NULL,
	\`denied\` integer NOT NULL,
	\`effect_allow\` integer NOT NULL,
	\`effect_ask\` integer NOT NULL,
	\`effect_deny\` integer NOT NULL,
	\`statuses\` text NOT NULL,
	\`call\` blob,
	\`backend\` blob,
	\`evaluation\` blob,
	\`human_wait\` blob,
	PRIMARY KEY(\`scope\`, \`width\`, \`tool\`, \`proxy\`, \`start\`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE \`shapes\` (
	\`id\` integer PRIMARY KEY NOT NULL,
	\`proxy\` text NOT NULL,
	\`proxy_name\` text NOT NULL,
	\`type\` text NOT NULL,
	\`event\` text,
	\`sender\` text,
	\`class\` text,
	\`method\` text,
	\`tool\` text,
	\`prompt\` text,
	\`client\` text,
	\`subject\` text,
	\`decided_by\` text,
	\`effect\` text,
	\`disposition\` text,
	\`reason\` text,
	\`status\` text,
	\`outcome_reason\` text,
	\`state\` text,
	\`detail\` text,
	\`words\` text NOT NULL,
	\`records\` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX \`shapes_by_proxy\` ON \`shapes\` (\`proxy_name\`,\`type\`);--> statement-breakpoint
CREATE INDEX \`shapes_by_tool\` ON \`shapes\` (\`tool\`,\`type\`);--> statement-breakpoint
CREATE INDEX \`shapes_unused\` ON \`shapes\` (\`id\`) WHERE records = 0;--> statement-breakpoint
CREATE TABLE \`streams\` (
	\`id\` integer PRIMARY KEY NOT NULL,
	\`proxy\` text NOT NULL,
	\`instance\` text NOT NULL,
	\`stream\` text NOT NULL,
	\`offset\` integer NOT NULL,
	\`seq\` integer NOT NULL,
	\`hash\` text NOT NULL,
	\`ended\` integer NOT NULL,
	\`state\` text NOT NULL,
	\`records\` integer NOT NULL,
	\`first\` integer,
	\`last\` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX \`streams_by_name\` ON \`streams\` (\`proxy\`,\`stream\`);--> statement-breakpoint
CREATE INDEX \`streams_by_instance\` ON \`streams\` (\`instance\`);--> statement-breakpoint
CREATE VIRTUAL TABLE \`shapes_text\` USING fts5(\`words\`, content='', contentless_delete=1, tokenize='trigram case_sensitive 1');
`,
  },
];
