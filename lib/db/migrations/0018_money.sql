CREATE TABLE "chargeback_answer" (
	"settlement_id" text PRIMARY KEY NOT NULL,
	"answer" text NOT NULL,
	"note" text NOT NULL,
	"evidence" text[] DEFAULT '{}'::text[] NOT NULL,
	"answered_by" text NOT NULL,
	"answered_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"last_error" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "replacement" (
	"settlement_id" text PRIMARY KEY NOT NULL,
	"reference" text NOT NULL,
	"unit_id" text NOT NULL,
	"rma_id" text DEFAULT '' NOT NULL,
	"entity" text DEFAULT '' NOT NULL,
	"returned_line_id" text NOT NULL,
	"sku" text NOT NULL,
	"quantity" integer NOT NULL,
	"currency" text NOT NULL,
	"value" bigint NOT NULL,
	"applied" bigint NOT NULL,
	"applied_tax" bigint NOT NULL,
	"due" bigint NOT NULL,
	"state" text DEFAULT 'reserved' NOT NULL,
	"order_line_id" text,
	"carried" bigint DEFAULT 0 NOT NULL,
	"reserved_at" timestamp (3) with time zone NOT NULL,
	"ordered_at" timestamp (3) with time zone,
	"shipped_at" timestamp (3) with time zone,
	"cancelled_at" timestamp (3) with time zone,
	"reason" text DEFAULT '' NOT NULL,
	CONSTRAINT "replacement_amounts" CHECK ("replacement"."quantity" > 0 AND "replacement"."applied" >= 0 AND "replacement"."due" >= 0 AND "replacement"."value" = "replacement"."applied" + "replacement"."due"
        AND "replacement"."applied_tax" >= 0 AND "replacement"."applied_tax" <= "replacement"."applied" AND "replacement"."carried" >= 0 AND "replacement"."carried" <= "replacement"."applied")
);
--> statement-breakpoint
CREATE TABLE "store_credit" (
	"customer_id" text NOT NULL,
	"entity" text NOT NULL,
	"currency" text NOT NULL,
	"balance" bigint NOT NULL,
	"owed" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "store_credit_customer_id_entity_currency_pk" PRIMARY KEY("customer_id","entity","currency"),
	CONSTRAINT "store_credit_never_below_zero" CHECK ("store_credit"."balance" >= 0 AND "store_credit"."owed" >= 0 AND ("store_credit"."balance" = 0 OR "store_credit"."owed" = 0))
);
--> statement-breakpoint
CREATE TABLE "store_credit_ending" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"entity" text NOT NULL,
	"currency" text NOT NULL,
	"kind" text NOT NULL,
	"amount" bigint NOT NULL,
	"reason" text NOT NULL,
	"state" text DEFAULT 'proposed' NOT NULL,
	"approval_id" uuid NOT NULL,
	"prepared_by" text NOT NULL,
	"prepared_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	CONSTRAINT "store_credit_ending_amount" CHECK ("store_credit_ending"."amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "store_credit_movement" (
	"id" text PRIMARY KEY NOT NULL,
	"customer_id" text NOT NULL,
	"entity" text NOT NULL,
	"currency" text NOT NULL,
	"kind" text NOT NULL,
	"amount" bigint NOT NULL,
	"settlement_id" text DEFAULT '' NOT NULL,
	"order_id" text DEFAULT '' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"approval_id" uuid,
	"actor" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "store_credit_movement_amount" CHECK ("store_credit_movement"."amount" <> 0 AND ("store_credit_movement"."kind" = 'issued') = ("store_credit_movement"."settlement_id" <> '') AND ("store_credit_movement"."kind" = 'spent') = ("store_credit_movement"."order_id" <> '')
        AND ("store_credit_movement"."kind" = 'issued' OR "store_credit_movement"."amount" < 0))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "replacement_reference" ON "replacement" USING btree ("reference");--> statement-breakpoint
CREATE UNIQUE INDEX "replacement_order_line" ON "replacement" USING btree ("order_line_id");--> statement-breakpoint
CREATE INDEX "replacement_unit" ON "replacement" USING btree ("unit_id");--> statement-breakpoint
CREATE UNIQUE INDEX "store_credit_ending_approval" ON "store_credit_ending" USING btree ("approval_id");--> statement-breakpoint
CREATE INDEX "store_credit_ending_account" ON "store_credit_ending" USING btree ("customer_id","entity","currency");--> statement-breakpoint
CREATE INDEX "store_credit_movement_account" ON "store_credit_movement" USING btree ("customer_id","entity","currency");--> statement-breakpoint
CREATE INDEX "store_credit_movement_settlement" ON "store_credit_movement" USING btree ("settlement_id") WHERE settlement_id <> '';--> statement-breakpoint
CREATE UNIQUE INDEX "store_credit_movement_order" ON "store_credit_movement" USING btree ("customer_id","entity","currency","order_id") WHERE kind = 'spent';--> statement-breakpoint
-- Σ movements, kept with them. What is spent or ended must be there; only a correction of what was issued may take back more than is left.
CREATE FUNCTION store_credit_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'issued' THEN
    INSERT INTO store_credit AS c (customer_id, entity, currency, balance, owed)
    VALUES (NEW.customer_id, NEW.entity, NEW.currency, greatest(NEW.amount, 0), greatest(-NEW.amount, 0))
    ON CONFLICT (customer_id, entity, currency) DO UPDATE SET
      balance = greatest(c.balance - c.owed + NEW.amount, 0), owed = greatest(-(c.balance - c.owed + NEW.amount), 0);
  ELSE
    UPDATE store_credit SET balance = balance + NEW.amount
    WHERE customer_id = NEW.customer_id AND entity = NEW.entity AND currency = NEW.currency AND balance + NEW.amount >= 0;
    IF NOT FOUND THEN
      PERFORM refuse('store_credit_short', 'The customer holds less store credit than that');
    END IF;
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER moved AFTER INSERT ON store_credit_movement FOR EACH ROW EXECUTE FUNCTION store_credit_moved();
--> statement-breakpoint
-- What customers hold already is the sum of what was paid to them in store credit.
INSERT INTO store_credit_movement (id, customer_id, entity, currency, kind, amount, settlement_id, actor, at)
SELECT 'SC-' || s.id || '#' || s.version, coalesce(u.customer_id, ''), s.entity, s.currency, 'issued', s.amount, s.id,
  coalesce(nullif(s.approved_by, ''), 'backhaul'), coalesce(s.paid_at, now())
FROM settlement s LEFT JOIN return_unit u ON u.id = s.unit_id WHERE s.kind = 'store_credit' AND s.state = 'paid' AND s.amount > 0;
--> statement-breakpoint
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON store_credit_movement FOR EACH ROW EXECUTE FUNCTION never_changed();
--> statement-breakpoint
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON store_credit_movement FOR EACH STATEMENT EXECUTE FUNCTION never_changed();
--> statement-breakpoint
-- Credit is ended only with the yes of somebody who did not ask for it.
CREATE FUNCTION store_credit_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind IN ('voided', 'expired') AND NOT EXISTS (
       SELECT FROM store_credit_ending e JOIN approval a ON a.id = e.approval_id
       WHERE a.id = NEW.approval_id AND a.state = 'approved' AND a.requested_by <> NEW.actor
         AND (e.customer_id, e.entity, e.currency, e.kind, e.amount) = (NEW.customer_id, NEW.entity, NEW.currency, NEW.kind, -NEW.amount)) THEN
    PERFORM refuse('not_approved', 'Store credit is ended only with the yes of somebody who did not ask for it');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER ended BEFORE INSERT ON store_credit_movement FOR EACH ROW EXECUTE FUNCTION store_credit_ended();
--> statement-breakpoint
CREATE FUNCTION store_credit_ending_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'proposed' OR to_jsonb(NEW) - 'state' - 'decided_at' IS DISTINCT FROM to_jsonb(OLD) - 'state' - 'decided_at' THEN
    PERFORM refuse('immutable', 'what was asked for is not changed: reject it and ask anew');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER bound BEFORE UPDATE OR DELETE ON store_credit_ending FOR EACH ROW EXECUTE FUNCTION store_credit_ending_bound();
--> statement-breakpoint
-- What was agreed is what is sent: only how far it is changes, and never back from an end.
CREATE FUNCTION replacement_bound() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE own text[] := ARRAY['state', 'order_line_id', 'carried', 'ordered_at', 'shipped_at', 'cancelled_at', 'reason'];
BEGIN
  IF TG_OP = 'DELETE' OR to_jsonb(NEW) - own IS DISTINCT FROM to_jsonb(OLD) - own THEN
    PERFORM refuse('immutable', 'a replacement is not changed: cancel it and propose another');
  END IF;
  IF OLD.state = 'cancelled' THEN
    PERFORM refuse('replacement_cancelled', 'This replacement was cancelled');
  END IF;
  IF OLD.state = 'shipped' AND NEW.state NOT IN ('shipped', 'ordered') THEN
    PERFORM refuse('replacement_shipped', 'This replacement has been shipped');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER bound BEFORE UPDATE OR DELETE ON replacement FOR EACH ROW EXECUTE FUNCTION replacement_bound();
--> statement-breakpoint
-- An exchange that is not to be takes its replacement with it; one that the shop may be sending is cancelled there first.
CREATE FUNCTION settlement_without_replacement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM replacement WHERE settlement_id = NEW.id AND state IN ('ordered', 'shipped')) THEN
    PERFORM refuse('replacement_ordered', 'Its replacement is ordered or shipped: cancel the replacement first');
  END IF;
  UPDATE replacement SET state = 'cancelled', cancelled_at = now(), reason = 'Its settlement was withdrawn.'
  WHERE settlement_id = NEW.id AND state = 'reserved';
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER without_replacement AFTER UPDATE OF state ON settlement FOR EACH ROW
  WHEN (NEW.state = 'rejected' AND OLD.state <> 'rejected') EXECUTE FUNCTION settlement_without_replacement();
--> statement-breakpoint
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['store_credit', 'store_credit_movement', 'store_credit_ending', 'replacement', 'chargeback_answer'] LOOP
    EXECUTE format('CREATE CONSTRAINT TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audited()', t);
  END LOOP;
END $$;
--> statement-breakpoint
-- What each settlement draws on the payment of its order, in money and in goods: the one definition, for the cap and for whoever checks it.
CREATE VIEW settlement_draw AS
SELECT s.id, s.order_id, s.unit_id, s.entity, s.paid_at,
  CASE WHEN s.state IN ('reserved', 'submitting', 'unknown') OR (s.state = 'approved' AND r.state IN ('ordered', 'shipped')) THEN s.amount ELSE 0 END
    + CASE WHEN r.state = 'ordered' THEN r.applied ELSE 0 END AS reserved,
  CASE WHEN s.state = 'paid' AND s.kind IN ('refund', 'partial_credit', 'goodwill') THEN s.amount ELSE 0 END AS refunded,
  CASE WHEN s.state = 'paid' AND s.kind = 'chargeback' THEN s.amount ELSE 0 END AS charged_back,
  CASE WHEN s.state = 'paid' AND s.kind IN ('store_credit', 'exchange') THEN s.amount ELSE 0 END
    + CASE WHEN r.state = 'shipped' THEN r.applied ELSE 0 END AS credited,
  -- Asked for or allowed, and not reserved yet: the next proposal has that much less.
  CASE WHEN s.state IN ('proposed', 'failed') OR (s.state = 'approved' AND coalesce(r.state, 'reserved') = 'reserved') THEN s.amount ELSE 0 END
    + CASE WHEN s.state IN ('proposed', 'approved', 'failed') AND r.state = 'reserved' THEN r.applied ELSE 0 END AS promised
FROM settlement s LEFT JOIN replacement r ON r.settlement_id = s.id;
