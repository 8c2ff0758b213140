CREATE TABLE "simulation" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"hash" text NOT NULL,
	"against" integer NOT NULL,
	"against_hash" text NOT NULL,
	"from_day" date NOT NULL,
	"until_day" date NOT NULL,
	"tz" text NOT NULL,
	"channel" text DEFAULT '' NOT NULL,
	"category" text DEFAULT '' NOT NULL,
	"scope" jsonb NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"judged" integer DEFAULT 0 NOT NULL,
	"total" integer DEFAULT 0 NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"beat_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"result" jsonb,
	"error" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "simulation_case" (
	"simulation_id" uuid NOT NULL,
	"n" integer NOT NULL,
	"weight" bigint NOT NULL,
	"unit_id" text NOT NULL,
	"rma_id" text NOT NULL,
	"quantity" integer NOT NULL,
	"about" jsonb NOT NULL,
	"before_verdict" text NOT NULL,
	"after_verdict" text NOT NULL,
	"before_row" text NOT NULL,
	"after_row" text NOT NULL,
	"before_sums" jsonb NOT NULL,
	"after_sums" jsonb NOT NULL,
	"before_waited" bigint,
	"after_waited" bigint,
	CONSTRAINT "simulation_case_simulation_id_n_pk" PRIMARY KEY("simulation_id","n")
);
--> statement-breakpoint
ALTER TABLE "simulation_case" ADD CONSTRAINT "simulation_case_simulation_id_simulation_id_fk" FOREIGN KEY ("simulation_id") REFERENCES "public"."simulation"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "simulation_version" ON "simulation" USING btree ("kind","version","asked_at");--> statement-breakpoint
CREATE INDEX "simulation_open" ON "simulation" USING btree ("asked_at") WHERE state IN ('waiting', 'running');--> statement-breakpoint
CREATE INDEX "simulation_asker" ON "simulation" USING btree ("asked_by","finished_at");--> statement-breakpoint
CREATE INDEX "simulation_case_weight" ON "simulation_case" USING btree ("simulation_id","weight" DESC NULLS LAST,"n");