create table if not exists burdock_guard (ok integer not null constraint burdock_guard_ok check (ok = 1));
--> statement-breakpoint
create table if not exists burdock_row_ids (slot integer primary key, id);
--> statement-breakpoint
create table if not exists burdock_meta (
	key text primary key,
	value text not null
);
--> statement-breakpoint
create table "posts" (
	"id" integer primary key autoincrement not null,
	"title" text(200) not null,
	"slug" text not null,
	"body" text default '' not null,
	"status" text default 'draft' not null,
	"created_at" integer not null
);
--> statement-breakpoint
create unique index "posts_slug_unique" on "posts" ("slug");
--> statement-breakpoint
create table "comments" (
	"id" integer primary key autoincrement not null,
	"post_id" integer not null,
	"body" text(2000) not null,
	foreign key ("post_id") references "posts" ("id") on delete cascade
);
--> statement-breakpoint
create index "comments_post" on "comments" ("post_id");
