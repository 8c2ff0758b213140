CREATE TABLE "outside_report" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"reporter" text NOT NULL,
	"covers_from" timestamp (3) with time zone NOT NULL,
	"covers_until" timestamp (3) with time zone NOT NULL,
	"origin" text NOT NULL,
	"sha256" text NOT NULL,
	"rows" integer NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "outside_report_sha256_unique" UNIQUE("sha256"),
	CONSTRAINT "outside_report_span" CHECK ("outside_report"."covers_from" < "outside_report"."covers_until")
);
--> statement-breakpoint
CREATE TABLE "provider_refund" (
	"provider" text NOT NULL,
	"ref" text NOT NULL,
	"settlement_id" text DEFAULT '' NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"report_id" uuid NOT NULL,
	CONSTRAINT "provider_refund_provider_ref_pk" PRIMARY KEY("provider","ref"),
	CONSTRAINT "provider_refund_amount" CHECK ("provider_refund"."amount" >= 0)
);
--> statement-breakpoint
CREATE TABLE "receipt_summary" (
	"facility" text NOT NULL,
	"day" date NOT NULL,
	"sku" text NOT NULL,
	"quantity" integer NOT NULL,
	"report_id" uuid NOT NULL,
	CONSTRAINT "receipt_summary_facility_day_sku_pk" PRIMARY KEY("facility","day","sku"),
	CONSTRAINT "receipt_summary_quantity" CHECK ("receipt_summary"."quantity" >= 0)
);
--> statement-breakpoint
CREATE TABLE "reconciliation_item" (
	"key" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"difference" bigint NOT NULL,
	"currency" text DEFAULT '' NOT NULL,
	"wait_until" timestamp (3) with time zone,
	"note" text DEFAULT '' NOT NULL,
	"entry" jsonb,
	"approval_id" uuid,
	"entry_id" text,
	"decided_by" text NOT NULL,
	"decided_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "supplier_claim" ADD COLUMN "written_off" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "provider_refund" ADD CONSTRAINT "provider_refund_report_id_outside_report_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."outside_report"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "receipt_summary" ADD CONSTRAINT "receipt_summary_report_id_outside_report_id_fk" FOREIGN KEY ("report_id") REFERENCES "public"."outside_report"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "outside_report_reach" ON "outside_report" USING btree ("kind","reporter","covers_from");--> statement-breakpoint
CREATE INDEX "provider_refund_settlement" ON "provider_refund" USING btree ("settlement_id");--> statement-breakpoint
CREATE INDEX "provider_refund_at" ON "provider_refund" USING btree ("provider","at");--> statement-breakpoint
ALTER TABLE "supplier_claim" ADD CONSTRAINT "supplier_claim_written_off" CHECK ("supplier_claim"."written_off" >= 0 AND "supplier_claim"."written_off" + "supplier_claim"."recovered" <= greatest("supplier_claim"."accepted", "supplier_claim"."recovered"));--> statement-breakpoint
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['outside_report', 'provider_refund', 'receipt_summary', 'reconciliation_item'] LOOP
    EXECUTE format('CREATE CONSTRAINT TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON %I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audited()', t);
  END LOOP;
END $$;
