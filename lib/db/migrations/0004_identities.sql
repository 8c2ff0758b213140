ALTER TABLE "account" ADD COLUMN "oidc_issuer" text;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "oidc_subject" text;--> statement-breakpoint
CREATE UNIQUE INDEX "account_oidc" ON "account" USING btree ("oidc_issuer","oidc_subject");--> statement-breakpoint
-- Counters of a quarter of an hour: what is there cannot be told apart by attempt and is let go.
DELETE FROM "sign_in_failure";--> statement-breakpoint
ALTER TABLE "sign_in_failure" ADD COLUMN "attempt" uuid NOT NULL;--> statement-breakpoint
ALTER TABLE "sign_in_failure" ADD CONSTRAINT "sign_in_failure_attempt_subject_pk" PRIMARY KEY("attempt","subject");--> statement-breakpoint
CREATE INDEX "sign_in_failure_at" ON "sign_in_failure" USING btree ("at");--> statement-breakpoint
CREATE INDEX "session_created" ON "session" USING btree ("created_at");
