ALTER TABLE "evidence" ADD COLUMN "hold_reason" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "held_by" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "held_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "lifted_by" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "purged_by" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "purge_reason" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "destroyed_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "evidence_due" ON "evidence" USING btree ("keep_until","sha256") WHERE purged_at IS NULL;--> statement-breakpoint
CREATE INDEX "evidence_held" ON "evidence" USING btree ("held_at") WHERE legal_hold;--> statement-breakpoint
CREATE INDEX "evidence_to_destroy" ON "evidence" USING btree ("purged_at") WHERE purged_at IS NOT NULL AND destroyed_at IS NULL;--> statement-breakpoint
-- What was added stays as it was added; it is destroyed only after its time, never under a legal hold, and its row stays as the tombstone.
CREATE FUNCTION evidence_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM refuse('immutable', 'Evidence is not deleted: it is destroyed after its retention, and the row stays');
  END IF;
  IF (NEW.sha256, NEW.mime, NEW.bytes, NEW.added_at, NEW.added_by) IS DISTINCT FROM (OLD.sha256, OLD.mime, OLD.bytes, OLD.added_at, OLD.added_by) THEN
    PERFORM refuse('immutable', 'Evidence never changes: add another file');
  END IF;
  IF OLD.purged_at IS NOT NULL AND (OLD.destroyed_at IS NOT NULL OR to_jsonb(NEW) - 'destroyed_at' IS DISTINCT FROM to_jsonb(OLD) - 'destroyed_at') THEN
    PERFORM refuse('evidence_purged', 'This file was destroyed after its retention');
  END IF;
  IF NEW.keep_until < OLD.keep_until THEN
    PERFORM refuse('evidence_retention', 'A retention is lengthened, never shortened');
  END IF;
  IF NEW.legal_hold AND (NEW.held_by = '' OR NEW.hold_reason = '') THEN
    PERFORM refuse('evidence_hold', 'A legal hold has a person and a reason');
  END IF;
  IF OLD.legal_hold AND NOT NEW.legal_hold AND NEW.lifted_by = '' THEN
    PERFORM refuse('evidence_hold', 'A legal hold is lifted by a person');
  END IF;
  IF NEW.purged_at IS NOT NULL AND OLD.purged_at IS NULL THEN
    IF OLD.legal_hold OR NEW.legal_hold THEN
      PERFORM refuse('evidence_held', 'This file is under a legal hold: lift it first');
    END IF;
    IF OLD.keep_until > now() THEN
      PERFORM refuse('evidence_retention', format('This file is kept until %s', to_char(OLD.keep_until AT TIME ZONE 'UTC', 'YYYY-MM-DD')));
    END IF;
    IF NEW.purged_by = '' OR NEW.purge_reason = '' THEN
      PERFORM refuse('evidence_purge', 'A person decides that a file is destroyed, and says why');
    END IF;
    IF NEW.purged_by = OLD.lifted_by THEN
      PERFORM refuse('segregation_of_duties', 'Who lifted the legal hold does not destroy the file: a second person must do this');
    END IF;
  END IF;
  IF NEW.destroyed_at IS NOT NULL AND NEW.purged_at IS NULL THEN
    PERFORM refuse('evidence_purge', 'Only what was decided to be destroyed is');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON evidence FOR EACH ROW EXECUTE FUNCTION evidence_kept();
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON evidence_link FOR EACH ROW EXECUTE FUNCTION never_changed();
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON evidence FOR EACH STATEMENT EXECUTE FUNCTION never_changed();
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON evidence_link FOR EACH STATEMENT EXECUTE FUNCTION never_changed();
