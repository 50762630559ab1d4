-- Posts refer to the new table of files, so they are made anew behind it, and what refers to posts
-- behind them. A column that is added would do, but for exports of D1: those fill tables in the order in
-- which they were made, and could not be stored again.
create table "media" (
	"id" integer primary key autoincrement not null,
	"key" text(200) not null,
	"name" text(200) not null,
	"type" text(127) not null,
	"size" integer not null,
	"etag" text(64) not null,
	"checksum" text(64),
	"width" integer,
	"height" integer,
	"metadata" text,
	"object" text(32) not null,
	"created_at" integer not null,
	"updated_at" integer not null
);
--> statement-breakpoint
create unique index "media_key_unique" on "media" ("key");
--> statement-breakpoint
create unique index "media_object_unique" on "media" ("object");
--> statement-breakpoint
create table "new_posts" (
	"id" integer primary key autoincrement not null,
	"title" text(200) not null,
	"slug" text(200) not null,
	"body" text not null,
	"excerpt" text(300),
	"words" integer default 0 not null,
	"status" text default 'draft' not null,
	"featured" integer default false not null,
	"author_id" integer not null,
	"cover_id" integer,
	"cover_width" integer,
	"cover_height" integer,
	"published_at" integer,
	"created_at" integer not null,
	"updated_at" integer not null,
	foreign key ("author_id") references "authors" ("id"),
	foreign key ("cover_id") references "media" ("id") on delete set null
);
--> statement-breakpoint
insert into "new_posts" ("id", "title", "slug", "body", "excerpt", "words", "status", "featured", "author_id", "published_at", "created_at", "updated_at") select "id", "title", "slug", "body", "excerpt", "words", "status", "featured", "author_id", "published_at", "created_at", "updated_at" from "posts";
--> statement-breakpoint
delete from sqlite_sequence where name = 'new_posts';
--> statement-breakpoint
insert into sqlite_sequence (name, seq) select 'new_posts', seq from sqlite_sequence where name = 'posts';
--> statement-breakpoint
create table "new_posts_tags" (
	"id" integer primary key autoincrement not null,
	"post_id" integer not null,
	"tag_id" integer not null,
	foreign key ("post_id") references "new_posts" ("id") on delete cascade,
	foreign key ("tag_id") references "tags" ("id") on delete cascade
);
--> statement-breakpoint
insert into "new_posts_tags" ("id", "post_id", "tag_id") select "id", "post_id", "tag_id" from "posts_tags";
--> statement-breakpoint
delete from sqlite_sequence where name = 'new_posts_tags';
--> statement-breakpoint
insert into sqlite_sequence (name, seq) select 'new_posts_tags', seq from sqlite_sequence where name = 'posts_tags';
--> statement-breakpoint
create table "new_comments" (
	"id" integer primary key autoincrement not null,
	"post_id" integer not null,
	"author" text(80) not null,
	"body" text(2000) not null,
	"created_at" integer not null,
	foreign key ("post_id") references "new_posts" ("id") on delete cascade
);
--> statement-breakpoint
insert into "new_comments" ("id", "post_id", "author", "body", "created_at") select "id", "post_id", "author", "body", "created_at" from "comments";
--> statement-breakpoint
delete from sqlite_sequence where name = 'new_comments';
--> statement-breakpoint
insert into sqlite_sequence (name, seq) select 'new_comments', seq from sqlite_sequence where name = 'comments';
--> statement-breakpoint
drop table "comments";
--> statement-breakpoint
drop table "posts_tags";
--> statement-breakpoint
drop table "posts";
--> statement-breakpoint
alter table "new_posts" rename to "posts";
--> statement-breakpoint
alter table "new_posts_tags" rename to "posts_tags";
--> statement-breakpoint
alter table "new_comments" rename to "comments";
--> statement-breakpoint
create unique index "posts_slug_unique" on "posts" ("slug");
--> statement-breakpoint
create index "posts_author" on "posts" ("author_id");
--> statement-breakpoint
create index "posts_cover" on "posts" ("cover_id");
--> statement-breakpoint
create index "posts_published" on "posts" ("status", "published_at");
--> statement-breakpoint
create unique index "posts_tags_pair" on "posts_tags" ("post_id", "tag_id");
--> statement-breakpoint
create index "posts_tags_tag" on "posts_tags" ("tag_id");
--> statement-breakpoint
create index "comments_post" on "comments" ("post_id");
