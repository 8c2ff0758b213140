CREATE INDEX "audit_entry_action" ON "audit_entry" USING btree ("action","seq");--> statement-breakpoint
-- Whatever changes who may do what is in the audit log, whoever changes it and by whatever way: the row itself says what changed. Secrets are
-- never in it, only that they were set. The person is the transaction's `backhaul.actor`, where there is one.
CREATE FUNCTION access_audited() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  hidden CONSTANT text[] := ARRAY['version', 'last_used_at', 'last_sign_in_at', 'updated_at', 'created_at', 'id'];
  secret CONSTANT text[] := ARRAY['password_hash', 'secret_hash', 'oidc_subject'];
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
  INSERT INTO audit_entry (at, actor_kind, actor, actor_name, action, object_type, object_id, diff)
  VALUES (now(), CASE WHEN who = 'backhaul' THEN 'system' ELSE 'person' END, who,
    coalesce((SELECT name FROM account WHERE id::text = who), ''),
    TG_TABLE_NAME || '.' || CASE TG_OP WHEN 'INSERT' THEN 'created' WHEN 'DELETE' THEN 'deleted' ELSE 'changed' END,
    TG_TABLE_NAME, coalesce(after ->> 'id', before ->> 'id'), diff);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER access_audited AFTER INSERT OR UPDATE OR DELETE ON account FOR EACH ROW EXECUTE FUNCTION access_audited();
--> statement-breakpoint
CREATE TRIGGER access_audited AFTER INSERT OR UPDATE OR DELETE ON api_key FOR EACH ROW EXECUTE FUNCTION access_audited();
