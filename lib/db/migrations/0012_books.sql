CREATE TABLE "control_check" (
	"id" text PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"ms" integer NOT NULL,
	"checked" bigint NOT NULL,
	"broken" bigint NOT NULL,
	"examples" jsonb NOT NULL,
	"failed" text DEFAULT '' NOT NULL,
	"broken_since" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "manual_entry" (
	"id" text PRIMARY KEY NOT NULL,
	"entity" text NOT NULL,
	"currency" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"memo" text NOT NULL,
	"lines" jsonb NOT NULL,
	"reverses" text,
	"state" text DEFAULT 'proposed' NOT NULL,
	"approval_id" uuid,
	"entry_id" text,
	"prepared_by" text NOT NULL,
	"prepared_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "close_task" ADD COLUMN "note" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "manual_entry" ADD CONSTRAINT "manual_entry_reverses_journal_entry_id_fk" FOREIGN KEY ("reverses") REFERENCES "public"."journal_entry"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "manual_entry_approval" ON "manual_entry" USING btree ("approval_id");--> statement-breakpoint
CREATE INDEX "manual_entry_prepared" ON "manual_entry" USING btree ("entity","prepared_at");--> statement-breakpoint
CREATE UNIQUE INDEX "manual_entry_reverses" ON "manual_entry" USING btree ("reverses") WHERE state <> 'rejected';--> statement-breakpoint
CREATE INDEX "journal_entry_rma" ON "journal_entry" USING btree ("rma_id") WHERE rma_id <> '';--> statement-breakpoint
CREATE INDEX "journal_entry_occurred" ON "journal_entry" USING btree ("occurred_at","id");--> statement-breakpoint
CREATE CONSTRAINT TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON manual_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audited();
--> statement-breakpoint
-- What was asked for is what is posted: only the answer changes.
CREATE FUNCTION manual_entry_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'proposed'
     OR to_jsonb(NEW) - 'state' - 'entry_id' - 'decided_at' IS DISTINCT FROM to_jsonb(OLD) - 'state' - 'entry_id' - 'decided_at' THEN
    PERFORM refuse('immutable', 'an entry that was asked for is not changed: reject it and prepare another');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER bound BEFORE UPDATE OR DELETE ON manual_entry FOR EACH ROW EXECUTE FUNCTION manual_entry_bound();
--> statement-breakpoint
-- A manual entry is one person's and has another's yes.
CREATE FUNCTION manual_entry_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.origin = 'manual' AND (NEW.approved_by = '' OR NEW.approved_by = NEW.prepared_by) THEN
    PERFORM refuse('not_approved', 'A manual entry is posted only with the yes of somebody who did not prepare it');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER approved BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION manual_entry_approved();
--> statement-breakpoint
-- A period without a row has nothing to lock: postings and changes of its state meet at a lock of its name instead. Postings share it.
CREATE OR REPLACE FUNCTION period_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE s text;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('period/' || NEW.entity || '/' || NEW.period, 0));
  SELECT state INTO s FROM period WHERE entity = NEW.entity AND period = NEW.period;
  IF s = 'closed' OR (s = 'soft' AND coalesce(current_setting('backhaul.gl_adjust', true), '') <> 'on') THEN
    PERFORM refuse('period_closed', format('Period %s of %s is closed', NEW.period, NEW.entity));
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- A closed period is opened again only with the approval of others, given since it was closed.
CREATE FUNCTION period_reopened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN PERFORM refuse('immutable', 'a period is not deleted'); END IF;
  IF OLD.state = 'closed' AND (NEW.state <> 'closed' OR NEW.hash IS DISTINCT FROM OLD.hash) AND NOT EXISTS (
       SELECT FROM approval WHERE subject_type = 'reopen' AND subject_id = OLD.entity || '/' || OLD.period
         AND state = 'approved' AND decided_at >= OLD.closed_at) THEN
    PERFORM refuse('not_approved', 'A closed period is opened again only with the approval of others');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER reopened BEFORE UPDATE OR DELETE ON period FOR EACH ROW EXECUTE FUNCTION period_reopened();
