create table if not exists burdock_guard (ok integer not null constraint burdock_guard_ok check (ok = 1));
--> statement-breakpoint
create table if not exists burdock_row_ids (slot integer primary key, id);
--> statement-breakpoint
create table if not exists burdock_meta (
	key text primary key,
	value text not null
);
--> statement-breakpoint
create table "tags" (
	"id" integer primary key autoincrement not null,
	"name" text(40) not null
);
--> statement-breakpoint
create unique index "tags_name_unique" on "tags" ("name");
--> statement-breakpoint
create table "authors" (
	"id" integer primary key autoincrement not null,
	"name" text(80) not null,
	"email" text(254) not null,
	"bio" text default '' not null
);
--> statement-breakpoint
create unique index "authors_email_unique" on "authors" ("email");
--> statement-breakpoint
create table "posts" (
	"id" integer primary key autoincrement not null,
	"title" text(200) not null,
	"slug" text(200) not null,
	"body" text not null,
	"excerpt" text(300),
	"words" integer default 0 not null,
	"status" text default 'draft' not null,
	"featured" integer default false not null,
	"author_id" integer not null,
	"published_at" integer,
	"created_at" integer not null,
	"updated_at" integer not null,
	foreign key ("author_id") references "authors" ("id")
);
--> statement-breakpoint
create unique index "posts_slug_unique" on "posts" ("slug");
--> statement-breakpoint
create index "posts_author" on "posts" ("author_id");
--> statement-breakpoint
create index "posts_published" on "posts" ("status", "published_at");
--> statement-breakpoint
create table "posts_tags" (
	"id" integer primary key autoincrement not null,
	"post_id" integer not null,
	"tag_id" integer not null,
	foreign key ("post_id") references "posts" ("id") on delete cascade,
	foreign key ("tag_id") references "tags" ("id") on delete cascade
);
--> statement-breakpoint
create unique index "posts_tags_pair" on "posts_tags" ("post_id", "tag_id");
--> statement-breakpoint
create index "posts_tags_tag" on "posts_tags" ("tag_id");
--> statement-breakpoint
create table "comments" (
	"id" integer primary key autoincrement not null,
	"post_id" integer not null,
	"author" text(80) not null,
	"body" text(2000) not null,
	"created_at" integer not null,
	foreign key ("post_id") references "posts" ("id") on delete cascade
);
--> statement-breakpoint
create index "comments_post" on "comments" ("post_id");
--> statement-breakpoint
create table "audit" (
	"id" integer primary key autoincrement not null,
	"entity" text not null,
	"entity_id" text not null,
	"action" text not null,
	"at" integer not null,
	"changed" text
);
--> statement-breakpoint
create index "audit_subject" on "audit" ("entity", "entity_id");
