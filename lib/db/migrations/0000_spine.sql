CREATE TABLE "api_key" (
	"id" text PRIMARY KEY NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"sources" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "api_key_hash_size" CHECK (octet_length("api_key"."secret_hash") = 32)
);
--> statement-breakpoint
CREATE TABLE "batch" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"rows" integer NOT NULL,
	"state" text DEFAULT 'sealed' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"import_id" bigint,
	"path" text,
	"sha256" text,
	"sealed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"max_time" timestamp (3) with time zone,
	"error" text
);
--> statement-breakpoint
CREATE TABLE "event_log" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"id" text NOT NULL,
	"revision" integer NOT NULL,
	"voided" boolean NOT NULL,
	"type" text NOT NULL,
	"time" timestamp (3) with time zone NOT NULL,
	"hash" bigint NOT NULL,
	"body" text NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"batch_id" bigint
);
--> statement-breakpoint
CREATE TABLE "import_run" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"file" text NOT NULL,
	"fingerprint" text NOT NULL,
	"mapping" text NOT NULL,
	"state" text DEFAULT 'running' NOT NULL,
	"lines_done" bigint DEFAULT 0 NOT NULL,
	"account" jsonb,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "lease" (
	"name" text PRIMARY KEY NOT NULL,
	"epoch" bigint NOT NULL,
	"holder" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarantine" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"event_id" text,
	"reason" text NOT NULL,
	"message" text NOT NULL,
	"path" text,
	"raw" "bytea" NOT NULL,
	"origin" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp (3) with time zone,
	"settled_by" text
);
--> statement-breakpoint
CREATE TABLE "annotation" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text NOT NULL,
	"label" text NOT NULL,
	"author" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "facility" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"entity" text NOT NULL,
	"country" text NOT NULL,
	"tz" text NOT NULL,
	"shifts" jsonb NOT NULL,
	"daily_capacity" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "fx_rate" (
	"currency" text NOT NULL,
	"day" date NOT NULL,
	"rate" numeric(20, 10) NOT NULL,
	"source" text NOT NULL,
	CONSTRAINT "fx_rate_currency_day_pk" PRIMARY KEY("currency","day"),
	CONSTRAINT "fx_rate_positive" CHECK ("fx_rate"."rate" > 0)
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "supplier" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"country" text NOT NULL,
	"coverage" numeric(5, 4) DEFAULT '0' NOT NULL,
	"window_days" integer DEFAULT 0 NOT NULL,
	"minimum_claim" numeric(18, 4) DEFAULT '0' NOT NULL,
	"currency" text NOT NULL,
	CONSTRAINT "supplier_coverage" CHECK ("supplier"."coverage" BETWEEN 0 AND 1)
);
--> statement-breakpoint
CREATE INDEX "batch_undelivered" ON "batch" USING btree ("id") WHERE state = 'sealed';--> statement-breakpoint
CREATE INDEX "batch_import" ON "batch" USING btree ("import_id");--> statement-breakpoint
CREATE UNIQUE INDEX "event_log_identity" ON "event_log" USING btree ("source","id","revision");--> statement-breakpoint
CREATE INDEX "event_log_unsealed" ON "event_log" USING btree ("seq") WHERE batch_id IS NULL;--> statement-breakpoint
CREATE INDEX "event_log_batch" ON "event_log" USING btree ("batch_id");--> statement-breakpoint
CREATE UNIQUE INDEX "import_identity" ON "import_run" USING btree ("fingerprint","mapping");--> statement-breakpoint
CREATE INDEX "quarantine_open" ON "quarantine" USING btree ("reason","id") WHERE state = 'open';