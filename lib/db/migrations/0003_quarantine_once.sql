ALTER TABLE "quarantine" ADD COLUMN "note" text;--> statement-breakpoint
CREATE UNIQUE INDEX "quarantine_once" ON "quarantine" USING btree (sha256(raw),"reason","origin") WHERE state = 'open';