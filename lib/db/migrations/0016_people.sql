CREATE TABLE "duty_mitigation" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"first" text NOT NULL,
	"second" text NOT NULL,
	"granted" text NOT NULL,
	"owner_id" uuid NOT NULL,
	"review" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"made_by" text NOT NULL,
	"made_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "duty_mitigation_owner" CHECK ("duty_mitigation"."owner_id" <> "duty_mitigation"."account_id"),
	CONSTRAINT "duty_mitigation_until" CHECK ("duty_mitigation"."until" > "duty_mitigation"."made_at" AND "duty_mitigation"."until" <= "duty_mitigation"."made_at" + interval '90 days'),
	CONSTRAINT "duty_mitigation_review" CHECK ("duty_mitigation"."review" <> '')
);
--> statement-breakpoint
CREATE TABLE "role_conflict" (
	"first" text NOT NULL,
	"second" text NOT NULL,
	CONSTRAINT "role_conflict_first_second_pk" PRIMARY KEY("first","second")
);
--> statement-breakpoint
ALTER TABLE "setup_token" ADD COLUMN "account_id" uuid;--> statement-breakpoint
ALTER TABLE "duty_mitigation" ADD CONSTRAINT "duty_mitigation_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "duty_mitigation" ADD CONSTRAINT "duty_mitigation_owner_id_account_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "duty_mitigation_account" ON "duty_mitigation" USING btree ("account_id","first","second");--> statement-breakpoint
ALTER TABLE "setup_token" ADD CONSTRAINT "setup_token_account_id_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON duty_mitigation FOR EACH ROW EXECUTE FUNCTION never_changed();
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON duty_mitigation FOR EACH STATEMENT EXECUTE FUNCTION never_changed();
--> statement-breakpoint
-- Roles that exclude each other come together in one person only while somebody else watches over it. Looked at when roles change: what a person has
-- is not taken away by a change of something else.
CREATE FUNCTION roles_segregated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before text[] := CASE WHEN TG_OP = 'INSERT' THEN '{}'::text[] ELSE OLD.roles END;
  conflict role_conflict%ROWTYPE;
BEGIN
  SELECT c.* INTO conflict
  FROM role_conflict c
  WHERE c.first = ANY (NEW.roles) AND c.second = ANY (NEW.roles)
    AND NOT (c.first = ANY (before) AND c.second = ANY (before))
    AND NOT EXISTS (
      SELECT 1 FROM duty_mitigation m WHERE m.account_id = NEW.id AND m.first = c.first AND m.second = c.second AND m.until > now())
  LIMIT 1;
  IF FOUND THEN
    PERFORM refuse('duties_conflict', format('The roles %s and %s exclude each other', conflict.first, conflict.second));
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER segregated BEFORE INSERT OR UPDATE OF roles ON account FOR EACH ROW EXECUTE FUNCTION roles_segregated();
--> statement-breakpoint
-- Nobody gives anything to themselves, nor takes from themselves what others rely on.
CREATE FUNCTION not_to_oneself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('backhaul.actor', true) = NEW.id::text
    AND (NEW.roles, NEW.scope, NEW.active) IS DISTINCT FROM (OLD.roles, OLD.scope, OLD.active) THEN
    PERFORM refuse('self_grant', 'Nobody changes their own roles, rows or access: another user administrator does');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER not_to_oneself BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION not_to_oneself();
--> statement-breakpoint
-- As before, with the reason, the command and the roles of whoever did it, where the transaction names them.
CREATE OR REPLACE FUNCTION access_audited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  hidden CONSTANT text[] := ARRAY['version', 'last_used_at', 'last_sign_in_at', 'updated_at', 'created_at', 'id'];
  secret CONSTANT text[] := ARRAY['password_hash', 'secret_hash', 'oidc_subject', 'hash'];
  before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
  diff jsonb;
  who text := coalesce(nullif(current_setting('backhaul.actor', true), ''), 'backhaul');
BEGIN
  SELECT jsonb_object_agg(k, CASE WHEN k = ANY (secret) THEN jsonb_build_array(CASE WHEN before ->> k IS NULL THEN NULL ELSE 'set' END, CASE WHEN after ->> k IS NULL THEN NULL ELSE 'set anew' END)
    ELSE jsonb_build_array(before -> k, after -> k) END)
  INTO diff FROM (SELECT jsonb_object_keys(before || after) AS k) keys
  WHERE NOT k = ANY (hidden) AND (before -> k) IS DISTINCT FROM (after -> k) AND NOT (TG_OP = 'INSERT' AND (after ->> k) IS NULL);
  IF diff IS NULL THEN RETURN NULL; END IF;
  INSERT INTO audit_entry (at, actor_kind, actor, actor_name, roles, action, object_type, object_id, reason, command_id, diff)
  VALUES (now(), CASE WHEN who = 'backhaul' THEN 'system' ELSE 'person' END, who,
    coalesce((SELECT name FROM account WHERE id::text = who), ''),
    coalesce((SELECT roles FROM account WHERE id::text = who), '{}'),
    TG_TABLE_NAME || '.' || CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'DELETE' THEN 'deleted' ELSE 'changed' END,
    TG_TABLE_NAME, coalesce(after ->> 'id', before ->> 'id', after ->> 'account_id', before ->> 'account_id', ''),
    coalesce(current_setting('backhaul.reason', true), ''), coalesce(current_setting('backhaul.command', true), ''), diff);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER access_audited AFTER INSERT ON duty_mitigation FOR EACH ROW EXECUTE FUNCTION access_audited();
--> statement-breakpoint
-- A link with which somebody comes in is known by whose it is: the row has no id of its own.
CREATE TRIGGER access_audited AFTER INSERT OR UPDATE OR DELETE ON setup_token FOR EACH ROW EXECUTE FUNCTION access_audited();
