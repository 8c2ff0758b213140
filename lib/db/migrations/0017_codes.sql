ALTER TABLE "code_mapping" ALTER COLUMN "code" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "code_mapping" ALTER COLUMN "changed_by" DROP DEFAULT;--> statement-breakpoint
ALTER TABLE "code_mapping" ADD COLUMN "version" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "code_mapping" ADD COLUMN "changed_at" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "code_mapping" ADD COLUMN "applied" text NOT NULL;--> statement-breakpoint
ALTER TABLE "quarantine" ADD COLUMN "given" text;--> statement-breakpoint
CREATE INDEX "event_log_received" ON "event_log" USING brin ("received_at");--> statement-breakpoint
CREATE INDEX "quarantine_codes" ON "quarantine" USING btree ("source","path","given") WHERE state = 'open' AND reason = 'code_unknown' AND given IS NOT NULL;--> statement-breakpoint
ALTER TABLE "code_mapping" DROP COLUMN "seen";--> statement-breakpoint
-- What waits already tells which code it waits for, too. A text with a NUL is no code, and Postgres would not read it.
UPDATE quarantine SET given = left(convert_from(raw, 'UTF8')::json #>> string_to_array(path, '.'), 128)
WHERE state = 'open' AND reason = 'code_unknown' AND path IN ('data.reason_code', 'data.finding_code', 'data.condition_code', 'data.disposition')
  AND position('\u0000' IN convert_from(raw, 'UTF8')) = 0;
--> statement-breakpoint
-- The log holds events that are read through their mapping: it can be changed, never taken away.
CREATE FUNCTION code_mapping_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.source, NEW.list, NEW.outside) IS DISTINCT FROM (OLD.source, OLD.list, OLD.outside) OR NEW.code = '' THEN
    PERFORM refuse('immutable', 'a mapping of a code is changed, never removed');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON code_mapping FOR EACH ROW EXECUTE FUNCTION code_mapping_kept();
--> statement-breakpoint
-- Whoever settles input that was refused is in the audit log.
CREATE CONSTRAINT TRIGGER audited AFTER UPDATE OR DELETE ON quarantine DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audited();
