-- Controls that hold whatever the program does: each raises SQLSTATE BH001 with the refusal's code in DETAIL.

CREATE FUNCTION refuse(code text, message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'BH001', MESSAGE = message, DETAIL = code;
END $$;
--> statement-breakpoint
CREATE FUNCTION never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refuse('immutable', format('%s is append-only: correct it with a new row', TG_TABLE_NAME));
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON journal_entry FOR EACH ROW EXECUTE FUNCTION never_changed();
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON journal_line FOR EACH ROW EXECUTE FUNCTION never_changed();
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON stock_movement FOR EACH ROW EXECUTE FUNCTION never_changed();
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON approval_decision FOR EACH ROW EXECUTE FUNCTION never_changed();
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON duty FOR EACH ROW EXECUTE FUNCTION never_changed();
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON audit_block FOR EACH ROW EXECUTE FUNCTION never_changed();
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON command FOR EACH ROW EXECUTE FUNCTION never_changed();
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON refusal FOR EACH ROW EXECUTE FUNCTION never_changed();
--> statement-breakpoint
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['journal_entry', 'journal_line', 'stock_movement', 'approval_decision', 'duty', 'audit_block', 'audit_entry', 'command', 'refusal', 'case_event'] LOOP
    EXECUTE format('CREATE TRIGGER never_truncated BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION never_changed()', t);
  END LOOP;
END $$;
--> statement-breakpoint
-- An audit entry changes once: when it is sealed into a block.
CREATE FUNCTION audit_entry_sealed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.block IS NOT NULL OR NEW.block IS NULL
     OR to_jsonb(NEW) - 'block' - 'leaf' IS DISTINCT FROM to_jsonb(OLD) - 'block' - 'leaf' THEN
    PERFORM refuse('immutable', 'audit_entry is append-only');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER sealed_once BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_sealed_once();
--> statement-breakpoint
-- No change of a controlled table without an audit entry of the same transaction.
CREATE FUNCTION audited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM audit_entry WHERE tx = pg_current_xact_id()::text) THEN
    PERFORM refuse('not_audited', format('a change of %s has no audit entry', TG_TABLE_NAME));
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['rma', 'return_unit', 'settlement', 'payment', 'approval', 'approval_decision', 'stock_movement', 'stock_adjustment', 'stock_count', 'journal_entry', 'supplier_claim', 'return_cost', 'case_exception', 'evidence', 'policy', 'period', 'close_task', 'goods_rule', 'setting', 'code_mapping', 'duty'] LOOP
    EXECUTE format('CREATE CONSTRAINT TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audited()', t);
  END LOOP;
END $$;
--> statement-breakpoint
-- Segregation of duties: who did one may not do the other on the same unit, or on the same case. Outside sources ('/…') are not people.
CREATE FUNCTION duties_segregated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE other text;
BEGIN
  IF NEW.person LIKE '/%' OR NEW.person = 'automation' THEN RETURN NEW; END IF;
  SELECT d.duty INTO other
  FROM duty d
  JOIN duty_conflict c ON (c.first = d.duty AND c.second = NEW.duty) OR (c.second = d.duty AND c.first = NEW.duty)
  WHERE d.person = NEW.person
    AND ((NEW.unit_id <> '' AND d.unit_id = NEW.unit_id)
      OR (NEW.rma_id <> '' AND d.rma_id = NEW.rma_id AND (c.scope = 'rma' OR d.unit_id = '' OR NEW.unit_id = '')))
  LIMIT 1;
  IF other IS NOT NULL THEN
    PERFORM refuse('segregation_of_duties', format('The same person may not %s and %s on one case: a second person must do this', replace(other, '_', ' '), replace(NEW.duty, '_', ' ')));
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER segregated BEFORE INSERT ON duty FOR EACH ROW EXECUTE FUNCTION duties_segregated();
--> statement-breakpoint
-- A decision is for what was asked, in time, and never by who asked.
CREATE FUNCTION approval_decision_valid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a approval%ROWTYPE;
BEGIN
  SELECT * INTO a FROM approval WHERE id = NEW.approval_id FOR UPDATE;
  IF a.state <> 'open' THEN PERFORM refuse('approval_closed', 'This approval is no longer open'); END IF;
  IF a.expires_at < now() THEN PERFORM refuse('approval_expired', 'This approval has expired: it must be asked for again'); END IF;
  IF a.payload_hash <> NEW.payload_hash THEN PERFORM refuse('approval_stale', 'What was to be approved has changed since it was shown'); END IF;
  IF a.requested_by = NEW.person THEN PERFORM refuse('self_approval', 'Nobody approves what they asked for themselves'); END IF;
  IF NEW.step >= jsonb_array_length(a.steps) OR NOT (a.steps -> NEW.step) ? NEW.role THEN
    PERFORM refuse('approval_role', 'This role does not answer this step of the approval');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER valid BEFORE INSERT ON approval_decision FOR EACH ROW EXECUTE FUNCTION approval_decision_valid();
--> statement-breakpoint
-- An approval's question never changes, and it is approved only with an answer to every step.
CREATE FUNCTION approval_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'state' - 'decided_at' IS DISTINCT FROM to_jsonb(OLD) - 'state' - 'decided_at' THEN
    PERFORM refuse('immutable', 'an approval is bound to what was asked');
  END IF;
  IF OLD.state <> 'open' AND NEW.state <> OLD.state AND NOT (OLD.state = 'approved' AND NEW.state = 'void') THEN
    PERFORM refuse('approval_closed', 'This approval is no longer open');
  END IF;
  IF NEW.state = 'approved' AND OLD.state = 'open' AND
     (SELECT count(DISTINCT step) FROM approval_decision WHERE approval_id = NEW.id AND decision = 'approved') < jsonb_array_length(NEW.steps) THEN
    PERFORM refuse('approval_incomplete', 'This approval still lacks a decision');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER bound BEFORE UPDATE ON approval FOR EACH ROW EXECUTE FUNCTION approval_bound();
--> statement-breakpoint
-- What was approved is what is paid: after `proposed`, the money of our own settlement never changes, and it moves only with an approval.
CREATE FUNCTION settlement_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.external THEN RETURN NEW; END IF;
  IF OLD.state <> 'proposed' AND (NEW.amount, NEW.tax, NEW.fee, NEW.currency, NEW.kind, NEW.method, NEW.unit_id, NEW.order_id)
     IS DISTINCT FROM (OLD.amount, OLD.tax, OLD.fee, OLD.currency, OLD.kind, OLD.method, OLD.unit_id, OLD.order_id) THEN
    PERFORM refuse('settlement_changed', 'An approved settlement is not changed: reject it and propose another');
  END IF;
  IF NEW.state IN ('reserved', 'submitting', 'paid', 'unknown') AND (NEW.approved_by = '' OR NEW.approved_at IS NULL) THEN
    PERFORM refuse('not_approved', 'A settlement is paid only after its approval');
  END IF;
  IF NEW.state IN ('reserved', 'submitting') AND OLD.state NOT IN ('reserved', 'submitting', 'unknown') AND EXISTS (
       SELECT FROM approval WHERE subject_type = 'settlement' AND subject_id = NEW.id AND state IN ('open', 'rejected', 'expired'))
     AND NOT EXISTS (SELECT FROM approval WHERE subject_type = 'settlement' AND subject_id = NEW.id AND state = 'approved' AND payload_hash = NEW.payload_hash) THEN
    PERFORM refuse('not_approved', 'The approval of this settlement is for something else, or still open');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER bound BEFORE UPDATE ON settlement FOR EACH ROW EXECUTE FUNCTION settlement_bound();
--> statement-breakpoint
-- Goods classes: only the allowed dispositions, and sellable only after inspection and disposition. What outside systems did is a fact and
-- is taken in under backhaul.outside (the projector raises it as an exception).
CREATE FUNCTION goods_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE allowed text[];
BEGIN
  IF current_setting('backhaul.outside', true) = 'on' THEN RETURN NEW; END IF;
  IF NEW.disposition <> '' AND (TG_OP = 'INSERT' OR NEW.disposition <> OLD.disposition OR NEW.condition <> OLD.condition OR NEW.goods_class <> OLD.goods_class) THEN
    SELECT dispositions INTO allowed FROM goods_rule
    WHERE goods_class = NEW.goods_class AND condition IN (NEW.condition, '*') ORDER BY condition = '*' LIMIT 1;
    IF allowed IS NULL THEN allowed := ARRAY['quarantine']; END IF;
    IF NOT NEW.disposition = ANY (allowed) THEN
      PERFORM refuse('goods_class', format('Goods of class %s in condition %s may not be sent to %s. Allowed: %s', NEW.goods_class, NEW.condition, NEW.disposition, array_to_string(allowed, ', ')));
    END IF;
  END IF;
  IF NEW.status IN ('sellable', 'restocked') AND (TG_OP = 'INSERT' OR NEW.status <> OLD.status)
     AND (NEW.inspected_at IS NULL OR NEW.dispositioned_at IS NULL) THEN
    PERFORM refuse('not_inspected', 'A unit becomes sellable only after an inspection and a disposition');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER goods_allowed BEFORE INSERT OR UPDATE ON return_unit FOR EACH ROW EXECUTE FUNCTION goods_allowed();
--> statement-breakpoint
-- Σ in − Σ out, kept with the movements.
CREATE FUNCTION stock_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE side record;
BEGIN
  -- One order for everybody, so that two movements of the same goods wait for each other and never in a circle.
  FOR side IN SELECT * FROM (VALUES (NEW.from_status, -NEW.quantity, NEW.from_value), (NEW.to_status, NEW.quantity, NEW.to_value)) AS v (status, change, unit_value)
              WHERE v.status <> 'outside' ORDER BY v.status LOOP
    IF side.change > 0 THEN
      INSERT INTO stock_balance (facility, sku, status, currency, entity, quantity, value)
      VALUES (NEW.facility, NEW.sku, side.status, NEW.currency, NEW.entity, side.change, side.change * side.unit_value)
      ON CONFLICT (facility, sku, status, currency, entity)
      DO UPDATE SET quantity = stock_balance.quantity + EXCLUDED.quantity, value = stock_balance.value + EXCLUDED.value;
    ELSE
      UPDATE stock_balance SET quantity = quantity + side.change, value = value + side.change * side.unit_value
      WHERE facility = NEW.facility AND sku = NEW.sku AND status = side.status AND currency = NEW.currency AND entity = NEW.entity
        AND quantity + side.change >= 0;
      IF NOT FOUND THEN
        PERFORM refuse('stock_below_zero', format('There is less of %s in status %s at %s than is to be moved', NEW.sku, side.status, NEW.facility));
      END IF;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER moved AFTER INSERT ON stock_movement FOR EACH ROW EXECUTE FUNCTION stock_moved();
--> statement-breakpoint
-- Every entry balances, to the last unit, in its one currency.
CREATE FUNCTION journal_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE difference numeric;
BEGIN
  SELECT coalesce(sum(debit), 0) - coalesce(sum(credit), 0) INTO difference FROM journal_line WHERE entry_id = NEW.id;
  IF difference <> 0 OR NOT EXISTS (SELECT FROM journal_line WHERE entry_id = NEW.id) THEN
    PERFORM refuse('unbalanced', format('Entry %s does not balance', NEW.id));
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER balanced AFTER INSERT ON journal_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_balanced();
--> statement-breakpoint
-- Lines belong to an entry of their own transaction: nothing is added to a posted entry.
CREATE FUNCTION journal_line_with_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM journal_entry WHERE id = NEW.entry_id AND xmin = pg_current_xact_id()::xid) THEN
    PERFORM refuse('immutable', 'a posted entry takes no further lines');
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER with_entry AFTER INSERT ON journal_line FOR EACH ROW EXECUTE FUNCTION journal_line_with_entry();
--> statement-breakpoint
-- A closed period takes nothing; a soft-closed one only what a controller posts on purpose.
CREATE FUNCTION period_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE s text;
BEGIN
  SELECT state INTO s FROM period WHERE entity = NEW.entity AND period = NEW.period FOR SHARE;
  IF s = 'closed' OR (s = 'soft' AND coalesce(current_setting('backhaul.gl_adjust', true), '') <> 'on') THEN
    PERFORM refuse('period_closed', format('Period %s of %s is closed', NEW.period, NEW.entity));
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER period_open BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION period_open();
--> statement-breakpoint
-- A policy version that was ever sent for approval never changes but in its state.
CREATE FUNCTION policy_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (NEW."table", NEW.hash, NEW.created_by) IS DISTINCT FROM (OLD."table", OLD.hash, OLD.created_by) THEN
    PERFORM refuse('immutable', 'a policy version is not changed: make a new one');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER fixed BEFORE UPDATE ON policy FOR EACH ROW EXECUTE FUNCTION policy_fixed();
