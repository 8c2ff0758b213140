CREATE TABLE "case_event" (
	"source" text NOT NULL,
	"id" text NOT NULL,
	"revision" integer DEFAULT 0 NOT NULL,
	"voided" boolean DEFAULT false NOT NULL,
	"hash" bigint DEFAULT 0 NOT NULL,
	"unit_id" text NOT NULL,
	"type" text NOT NULL,
	"time" timestamp (3) with time zone NOT NULL,
	"sequence" text DEFAULT '' NOT NULL,
	"data" jsonb NOT NULL,
	"command_id" uuid,
	CONSTRAINT "case_event_source_id_pk" PRIMARY KEY("source","id")
);
--> statement-breakpoint
CREATE TABLE "case_exception" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"unit_id" text DEFAULT '' NOT NULL,
	"rma_id" text DEFAULT '' NOT NULL,
	"subject" text DEFAULT '' NOT NULL,
	"entity" text DEFAULT '' NOT NULL,
	"facility" text DEFAULT '' NOT NULL,
	"channel" text DEFAULT '' NOT NULL,
	"severity" text NOT NULL,
	"owner_role" text NOT NULL,
	"assignee" text,
	"value" bigint DEFAULT 0 NOT NULL,
	"currency" text DEFAULT '' NOT NULL,
	"message" text DEFAULT '' NOT NULL,
	"detail" jsonb,
	"state" text DEFAULT 'open' NOT NULL,
	"resolution" text,
	"note" text DEFAULT '' NOT NULL,
	"raised_at" timestamp (3) with time zone NOT NULL,
	"raised_by" text NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	"resolved_by" text,
	"event_order" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "duty" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "duty_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"rma_id" text DEFAULT '' NOT NULL,
	"unit_id" text DEFAULT '' NOT NULL,
	"duty" text NOT NULL,
	"person" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "duty_conflict" (
	"first" text NOT NULL,
	"second" text NOT NULL,
	"scope" text NOT NULL,
	CONSTRAINT "duty_conflict_first_second_pk" PRIMARY KEY("first","second")
);
--> statement-breakpoint
CREATE TABLE "evidence" (
	"sha256" text PRIMARY KEY NOT NULL,
	"mime" text NOT NULL,
	"bytes" integer NOT NULL,
	"retention_class" text NOT NULL,
	"keep_until" timestamp (3) with time zone NOT NULL,
	"legal_hold" boolean DEFAULT false NOT NULL,
	"purged_at" timestamp (3) with time zone,
	"added_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"added_by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "evidence_link" (
	"sha256" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"by" text NOT NULL,
	CONSTRAINT "evidence_link_sha256_subject_type_subject_id_pk" PRIMARY KEY("sha256","subject_type","subject_id")
);
--> statement-breakpoint
CREATE TABLE "return_cost" (
	"id" text PRIMARY KEY NOT NULL,
	"unit_id" text NOT NULL,
	"rma_id" text DEFAULT '' NOT NULL,
	"entity" text DEFAULT '' NOT NULL,
	"kind" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "return_unit" (
	"id" text PRIMARY KEY NOT NULL,
	"rma_id" text,
	"parent_id" text,
	"order_id" text DEFAULT '' NOT NULL,
	"order_line_id" text DEFAULT '' NOT NULL,
	"sku" text DEFAULT '' NOT NULL,
	"quantity" integer DEFAULT 0 NOT NULL,
	"received_quantity" integer DEFAULT 0 NOT NULL,
	"status" text NOT NULL,
	"status_at" timestamp (3) with time zone NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"return_type" text DEFAULT '' NOT NULL,
	"comment" text DEFAULT '' NOT NULL,
	"condition" text DEFAULT '' NOT NULL,
	"finding" text DEFAULT '' NOT NULL,
	"serial" text DEFAULT '' NOT NULL,
	"serial_match" boolean,
	"accessories_complete" boolean,
	"lot" text DEFAULT '' NOT NULL,
	"disposition" text DEFAULT '' NOT NULL,
	"rule_row" text DEFAULT '' NOT NULL,
	"overridden" boolean DEFAULT false NOT NULL,
	"facility" text DEFAULT '' NOT NULL,
	"location" text DEFAULT '' NOT NULL,
	"carrier" text DEFAULT '' NOT NULL,
	"tracking" text DEFAULT '' NOT NULL,
	"expected_at" timestamp (3) with time zone,
	"entity" text DEFAULT '' NOT NULL,
	"channel" text DEFAULT '' NOT NULL,
	"category" text DEFAULT '' NOT NULL,
	"supplier_id" text DEFAULT '' NOT NULL,
	"customer_id" text DEFAULT '' NOT NULL,
	"goods_class" text DEFAULT 'none' NOT NULL,
	"currency" text DEFAULT '' NOT NULL,
	"unit_price" bigint DEFAULT 0 NOT NULL,
	"unit_cost" bigint DEFAULT 0 NOT NULL,
	"unit_value" bigint DEFAULT 0 NOT NULL,
	"requested_at" timestamp (3) with time zone,
	"authorized_at" timestamp (3) with time zone,
	"rejected_at" timestamp (3) with time zone,
	"cancelled_at" timestamp (3) with time zone,
	"labelled_at" timestamp (3) with time zone,
	"in_transit_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone,
	"lost_at" timestamp (3) with time zone,
	"received_at" timestamp (3) with time zone,
	"inspected_at" timestamp (3) with time zone,
	"split_at" timestamp (3) with time zone,
	"dispositioned_at" timestamp (3) with time zone,
	"final_at" timestamp (3) with time zone,
	"last_order" text DEFAULT '' NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"handled" boolean DEFAULT false NOT NULL,
	"opening" boolean DEFAULT false NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "return_unit_quantity" CHECK ("return_unit"."quantity" >= 0 AND "return_unit"."received_quantity" >= 0),
	CONSTRAINT "return_unit_codes" CHECK (("return_unit"."requested_at" IS NULL OR "return_unit"."reason" <> '') AND ("return_unit"."inspected_at" IS NULL OR ("return_unit"."condition" <> '' AND "return_unit"."finding" <> ''))
        AND ("return_unit"."dispositioned_at" IS NULL OR "return_unit"."disposition" <> ''))
);
--> statement-breakpoint
CREATE TABLE "rma" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text DEFAULT '' NOT NULL,
	"customer_id" text DEFAULT '' NOT NULL,
	"channel" text DEFAULT '' NOT NULL,
	"entity" text DEFAULT '' NOT NULL,
	"facility" text DEFAULT '' NOT NULL,
	"country" text DEFAULT '' NOT NULL,
	"segment" text DEFAULT '' NOT NULL,
	"currency" text DEFAULT '' NOT NULL,
	"return_type" text DEFAULT 'refund' NOT NULL,
	"overall" text NOT NULL,
	"goods" text NOT NULL,
	"money" text NOT NULL,
	"decision" text,
	"policy_version" text DEFAULT '' NOT NULL,
	"policy_row" text DEFAULT '' NOT NULL,
	"policy_decision" jsonb,
	"requested_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"last_at" timestamp (3) with time zone NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "category_class" (
	"category" text PRIMARY KEY NOT NULL,
	"goods_class" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "goods_rule" (
	"goods_class" text NOT NULL,
	"condition" text NOT NULL,
	"dispositions" text[] NOT NULL,
	CONSTRAINT "goods_rule_goods_class_condition_pk" PRIMARY KEY("goods_class","condition")
);
--> statement-breakpoint
CREATE TABLE "order_line" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"sku" text NOT NULL,
	"quantity" integer NOT NULL,
	"net" bigint NOT NULL,
	"tax" bigint NOT NULL,
	"unit_cost" bigint NOT NULL,
	"currency" text NOT NULL,
	"channel" text NOT NULL,
	"category" text NOT NULL,
	"supplier_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"segment" text NOT NULL,
	"country" text NOT NULL,
	"entity" text NOT NULL,
	"facility" text NOT NULL,
	"serials" text[] DEFAULT '{}'::text[] NOT NULL,
	"lot" text NOT NULL,
	"final_sale" boolean DEFAULT false NOT NULL,
	"sold_at" timestamp (3) with time zone NOT NULL,
	"event_order" text NOT NULL,
	CONSTRAINT "order_line_quantity" CHECK ("order_line"."quantity" >= 0)
);
--> statement-breakpoint
CREATE TABLE "payment" (
	"order_id" text PRIMARY KEY NOT NULL,
	"currency" text NOT NULL,
	"captured" bigint NOT NULL,
	"reserved" bigint DEFAULT 0 NOT NULL,
	"refunded" bigint DEFAULT 0 NOT NULL,
	"charged_back" bigint DEFAULT 0 NOT NULL,
	"credited" bigint DEFAULT 0 NOT NULL,
	"over" bigint DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "payment_never_above_captured" CHECK ("payment"."reserved" >= 0 AND "payment"."refunded" >= 0 AND "payment"."charged_back" >= 0 AND "payment"."credited" >= 0 AND "payment"."over" >= 0
        AND "payment"."reserved" + "payment"."refunded" + "payment"."charged_back" + "payment"."credited" <= "payment"."captured")
);
--> statement-breakpoint
CREATE TABLE "product" (
	"sku" text PRIMARY KEY NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"category" text DEFAULT '' NOT NULL,
	"brand" text DEFAULT '' NOT NULL,
	"size" text DEFAULT '' NOT NULL,
	"supplier_id" text DEFAULT '' NOT NULL,
	"goods_class" text DEFAULT 'none' NOT NULL,
	"gtin" text,
	"unit_cost" bigint DEFAULT 0 NOT NULL,
	"currency" text DEFAULT '' NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_block" (
	"n" bigint PRIMARY KEY NOT NULL,
	"previous" "bytea" NOT NULL,
	"root" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	"count" integer NOT NULL,
	"size" bigint NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"sealed_at" timestamp (3) with time zone NOT NULL,
	"signature" "bytea" NOT NULL,
	"key_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_entry" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audit_entry_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"tx" text DEFAULT pg_current_xact_id()::text NOT NULL,
	"actor_kind" text NOT NULL,
	"actor" text NOT NULL,
	"actor_name" text DEFAULT '' NOT NULL,
	"roles" text[] DEFAULT '{}'::text[] NOT NULL,
	"action" text NOT NULL,
	"object_type" text NOT NULL,
	"object_id" text NOT NULL,
	"rma_id" text DEFAULT '' NOT NULL,
	"entity" text DEFAULT '' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"approval_id" text DEFAULT '' NOT NULL,
	"command_id" text DEFAULT '' NOT NULL,
	"diff" jsonb NOT NULL,
	"block" bigint,
	"leaf" integer
);
--> statement-breakpoint
CREATE TABLE "automation" (
	"id" text PRIMARY KEY NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"did" bigint DEFAULT 0 NOT NULL,
	"overridden" bigint DEFAULT 0 NOT NULL,
	"last_at" timestamp (3) with time zone,
	"changed_by" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "code_mapping" (
	"source" text NOT NULL,
	"list" text NOT NULL,
	"outside" text NOT NULL,
	"code" text DEFAULT '' NOT NULL,
	"seen" bigint DEFAULT 0 NOT NULL,
	"changed_by" text DEFAULT '' NOT NULL,
	CONSTRAINT "code_mapping_source_list_outside_pk" PRIMARY KEY("source","list","outside")
);
--> statement-breakpoint
CREATE TABLE "command" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"actor" text NOT NULL,
	"input_hash" text NOT NULL,
	"result" jsonb NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy" (
	"kind" text NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"effective_from" timestamp (3) with time zone,
	"table" jsonb NOT NULL,
	"hash" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"activated_at" timestamp (3) with time zone,
	CONSTRAINT "policy_kind_version_pk" PRIMARY KEY("kind","version")
);
--> statement-breakpoint
CREATE TABLE "refusal" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "refusal_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"command" text NOT NULL,
	"code" text NOT NULL,
	"message" text NOT NULL,
	"subject" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "setting" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "close_task" (
	"entity" text NOT NULL,
	"period" text NOT NULL,
	"task" text NOT NULL,
	"evidence" text NOT NULL,
	"signed_by" text NOT NULL,
	"signed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "close_task_entity_period_task_pk" PRIMARY KEY("entity","period","task")
);
--> statement-breakpoint
CREATE TABLE "journal_entry" (
	"id" text PRIMARY KEY NOT NULL,
	"cause_id" text NOT NULL,
	"template" text NOT NULL,
	"entity" text NOT NULL,
	"period" text NOT NULL,
	"currency" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"posted_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"unit_id" text DEFAULT '' NOT NULL,
	"rma_id" text DEFAULT '' NOT NULL,
	"reverses" text,
	"origin" text NOT NULL,
	"prepared_by" text NOT NULL,
	"approved_by" text DEFAULT '' NOT NULL,
	"memo" text DEFAULT '' NOT NULL,
	"late" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "journal_line" (
	"entry_id" text NOT NULL,
	"line" integer NOT NULL,
	"account" text NOT NULL,
	"debit" bigint DEFAULT 0 NOT NULL,
	"credit" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "journal_line_entry_id_line_pk" PRIMARY KEY("entry_id","line"),
	CONSTRAINT "journal_line_one_side" CHECK (("journal_line"."debit" > 0 AND "journal_line"."credit" = 0) OR ("journal_line"."credit" > 0 AND "journal_line"."debit" = 0))
);
--> statement-breakpoint
CREATE TABLE "ledger_account" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"control" text,
	"erp_account" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "period" (
	"entity" text NOT NULL,
	"period" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"closed_by" text,
	"hash" text,
	"reopened" integer DEFAULT 0 NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "period_entity_period_pk" PRIMARY KEY("entity","period")
);
--> statement-breakpoint
CREATE TABLE "supplier_claim" (
	"id" text PRIMARY KEY NOT NULL,
	"unit_id" text NOT NULL,
	"supplier_id" text NOT NULL,
	"entity" text DEFAULT '' NOT NULL,
	"batch_id" text DEFAULT '' NOT NULL,
	"state" text NOT NULL,
	"currency" text NOT NULL,
	"claimed" bigint NOT NULL,
	"accepted" bigint DEFAULT 0 NOT NULL,
	"recovered" bigint DEFAULT 0 NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"external_ref" text DEFAULT '' NOT NULL,
	"window_until" timestamp (3) with time zone,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"submitted_at" timestamp (3) with time zone,
	"answered_at" timestamp (3) with time zone,
	"recovered_at" timestamp (3) with time zone,
	"event_order" text DEFAULT '' NOT NULL,
	"external" boolean DEFAULT false NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "supplier_claim_amounts" CHECK ("supplier_claim"."claimed" >= 0 AND "supplier_claim"."accepted" >= 0 AND "supplier_claim"."recovered" >= 0),
	CONSTRAINT "supplier_claim_order" CHECK ("supplier_claim"."external" OR ("supplier_claim"."accepted" <= "supplier_claim"."claimed" AND "supplier_claim"."recovered" <= "supplier_claim"."accepted"))
);
--> statement-breakpoint
CREATE TABLE "approval" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"rma_id" text DEFAULT '' NOT NULL,
	"unit_id" text DEFAULT '' NOT NULL,
	"entity" text DEFAULT '' NOT NULL,
	"facility" text DEFAULT '' NOT NULL,
	"channel" text DEFAULT '' NOT NULL,
	"amount" bigint DEFAULT 0 NOT NULL,
	"currency" text DEFAULT '' NOT NULL,
	"weighed" bigint DEFAULT 0 NOT NULL,
	"steps" jsonb NOT NULL,
	"rule" text DEFAULT '' NOT NULL,
	"why" text DEFAULT '' NOT NULL,
	"summary" text DEFAULT '' NOT NULL,
	"payload_hash" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "approval_decision" (
	"approval_id" uuid NOT NULL,
	"person" text NOT NULL,
	"step" integer NOT NULL,
	"role" text NOT NULL,
	"decision" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"payload_hash" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settlement" (
	"id" text PRIMARY KEY NOT NULL,
	"unit_id" text NOT NULL,
	"rma_id" text DEFAULT '' NOT NULL,
	"order_id" text DEFAULT '' NOT NULL,
	"entity" text DEFAULT '' NOT NULL,
	"channel" text DEFAULT '' NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"tax" bigint DEFAULT 0 NOT NULL,
	"fee" bigint DEFAULT 0 NOT NULL,
	"fee_due" bigint DEFAULT 0 NOT NULL,
	"deduction" bigint DEFAULT 0 NOT NULL,
	"deduction_due" bigint DEFAULT 0 NOT NULL,
	"entitled" bigint DEFAULT 0 NOT NULL,
	"breakdown" jsonb,
	"in_policy" boolean,
	"exception_id" text,
	"method" text DEFAULT '' NOT NULL,
	"cause" text DEFAULT '' NOT NULL,
	"policy_version" text DEFAULT '' NOT NULL,
	"policy_row" text DEFAULT '' NOT NULL,
	"release" text DEFAULT 'manual' NOT NULL,
	"released_at" timestamp (3) with time zone,
	"payload_hash" text DEFAULT '' NOT NULL,
	"proposed_by" text DEFAULT '' NOT NULL,
	"approved_by" text DEFAULT '' NOT NULL,
	"proposed_at" timestamp (3) with time zone,
	"approved_at" timestamp (3) with time zone,
	"paid_at" timestamp (3) with time zone,
	"rejected_at" timestamp (3) with time zone,
	"provider" text DEFAULT '' NOT NULL,
	"provider_ref" text DEFAULT '' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"last_error" text DEFAULT '' NOT NULL,
	"event_order" text DEFAULT '' NOT NULL,
	"external" boolean DEFAULT false NOT NULL,
	"version" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "settlement_amounts" CHECK ("settlement"."amount" >= 0 AND "settlement"."tax" >= 0 AND "settlement"."fee" >= 0)
);
--> statement-breakpoint
CREATE TABLE "stock_adjustment" (
	"id" text PRIMARY KEY NOT NULL,
	"count_id" text,
	"facility" text NOT NULL,
	"location" text NOT NULL,
	"sku" text NOT NULL,
	"status" text NOT NULL,
	"entity" text DEFAULT '' NOT NULL,
	"delta" integer NOT NULL,
	"unit_value" bigint NOT NULL,
	"currency" text NOT NULL,
	"reason" text NOT NULL,
	"state" text DEFAULT 'proposed' NOT NULL,
	"requested_by" text NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	"approval_id" uuid
);
--> statement-breakpoint
CREATE TABLE "stock_balance" (
	"facility" text NOT NULL,
	"sku" text NOT NULL,
	"status" text NOT NULL,
	"currency" text NOT NULL,
	"entity" text NOT NULL,
	"quantity" integer NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "stock_balance_facility_sku_status_currency_entity_pk" PRIMARY KEY("facility","sku","status","currency","entity"),
	CONSTRAINT "stock_balance_not_below_zero" CHECK ("stock_balance"."quantity" >= 0)
);
--> statement-breakpoint
CREATE TABLE "stock_count" (
	"id" text PRIMARY KEY NOT NULL,
	"facility" text NOT NULL,
	"location" text NOT NULL,
	"sku" text NOT NULL,
	"status" text NOT NULL,
	"counted" integer NOT NULL,
	"expected" integer NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"settled" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stock_movement" (
	"id" text PRIMARY KEY NOT NULL,
	"unit_id" text DEFAULT '' NOT NULL,
	"sku" text NOT NULL,
	"entity" text NOT NULL,
	"facility" text NOT NULL,
	"location" text DEFAULT '' NOT NULL,
	"from_status" text NOT NULL,
	"to_status" text NOT NULL,
	"quantity" integer NOT NULL,
	"from_value" bigint NOT NULL,
	"to_value" bigint NOT NULL,
	"currency" text NOT NULL,
	"cause" text NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stock_movement_quantity" CHECK ("stock_movement"."quantity" > 0)
);
--> statement-breakpoint
ALTER TABLE "batch" ADD COLUMN "projected_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "evidence_link" ADD CONSTRAINT "evidence_link_sha256_evidence_sha256_fk" FOREIGN KEY ("sha256") REFERENCES "public"."evidence"("sha256") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journal_line" ADD CONSTRAINT "journal_line_entry_id_journal_entry_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."journal_entry"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "journal_line" ADD CONSTRAINT "journal_line_account_ledger_account_id_fk" FOREIGN KEY ("account") REFERENCES "public"."ledger_account"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "approval_decision" ADD CONSTRAINT "approval_decision_approval_id_approval_id_fk" FOREIGN KEY ("approval_id") REFERENCES "public"."approval"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "case_event_unit" ON "case_event" USING btree ("unit_id","time");--> statement-breakpoint
CREATE INDEX "case_exception_open" ON "case_exception" USING btree ("owner_role","due_at") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "case_exception_unit" ON "case_exception" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "case_exception_rma" ON "case_exception" USING btree ("rma_id");--> statement-breakpoint
CREATE UNIQUE INDEX "case_exception_once" ON "case_exception" USING btree ("kind","unit_id","rma_id","subject") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "duty_unit" ON "duty" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "duty_rma" ON "duty" USING btree ("rma_id");--> statement-breakpoint
CREATE INDEX "evidence_link_subject" ON "evidence_link" USING btree ("subject_type","subject_id");--> statement-breakpoint
CREATE INDEX "return_cost_unit" ON "return_cost" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "return_cost_rma" ON "return_cost" USING btree ("rma_id");--> statement-breakpoint
CREATE INDEX "return_unit_rma" ON "return_unit" USING btree ("rma_id");--> statement-breakpoint
CREATE INDEX "return_unit_parent" ON "return_unit" USING btree ("parent_id");--> statement-breakpoint
CREATE INDEX "return_unit_order_line" ON "return_unit" USING btree ("order_line_id");--> statement-breakpoint
CREATE INDEX "return_unit_tracking" ON "return_unit" USING btree ("tracking");--> statement-breakpoint
CREATE INDEX "return_unit_serial" ON "return_unit" USING btree ("serial");--> statement-breakpoint
CREATE INDEX "return_unit_sku" ON "return_unit" USING btree ("sku");--> statement-breakpoint
CREATE INDEX "return_unit_queue" ON "return_unit" USING btree ("facility","status","status_at") WHERE final_at IS NULL;--> statement-breakpoint
CREATE INDEX "rma_order" ON "rma" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "rma_customer" ON "rma" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "rma_recent" ON "rma" USING btree ("last_at");--> statement-breakpoint
CREATE INDEX "rma_open" ON "rma" USING btree ("overall","last_at") WHERE closed_at IS NULL;--> statement-breakpoint
CREATE INDEX "order_line_order" ON "order_line" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "order_line_customer" ON "order_line" USING btree ("customer_id","sold_at");--> statement-breakpoint
CREATE INDEX "order_line_serial" ON "order_line" USING gin ("serials");--> statement-breakpoint
CREATE INDEX "product_gtin" ON "product" USING btree ("gtin");--> statement-breakpoint
CREATE INDEX "product_category" ON "product" USING btree ("category");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_block_hash" ON "audit_block" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "audit_entry_unsealed" ON "audit_entry" USING btree ("seq") WHERE block IS NULL;--> statement-breakpoint
CREATE INDEX "audit_entry_block" ON "audit_entry" USING btree ("block","leaf");--> statement-breakpoint
CREATE INDEX "audit_entry_object" ON "audit_entry" USING btree ("object_type","object_id");--> statement-breakpoint
CREATE INDEX "audit_entry_rma" ON "audit_entry" USING btree ("rma_id");--> statement-breakpoint
CREATE INDEX "audit_entry_actor" ON "audit_entry" USING btree ("actor","at");--> statement-breakpoint
CREATE INDEX "audit_entry_tx" ON "audit_entry" USING btree ("tx");--> statement-breakpoint
CREATE INDEX "command_at" ON "command" USING btree ("at");--> statement-breakpoint
CREATE INDEX "refusal_at" ON "refusal" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "journal_entry_cause" ON "journal_entry" USING btree ("cause_id");--> statement-breakpoint
CREATE UNIQUE INDEX "journal_entry_reverses" ON "journal_entry" USING btree ("reverses");--> statement-breakpoint
CREATE INDEX "journal_entry_period" ON "journal_entry" USING btree ("entity","period");--> statement-breakpoint
CREATE INDEX "journal_entry_unit" ON "journal_entry" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "journal_line_account" ON "journal_line" USING btree ("account");--> statement-breakpoint
CREATE INDEX "supplier_claim_supplier" ON "supplier_claim" USING btree ("supplier_id","state");--> statement-breakpoint
CREATE UNIQUE INDEX "supplier_claim_unit" ON "supplier_claim" USING btree ("unit_id") WHERE state <> 'rejected' AND NOT external;--> statement-breakpoint
CREATE INDEX "supplier_claim_by_unit" ON "supplier_claim" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "approval_open" ON "approval" USING btree ("expires_at") WHERE state = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "approval_subject" ON "approval" USING btree ("subject_type","subject_id") WHERE state = 'open';--> statement-breakpoint
CREATE INDEX "approval_rma" ON "approval" USING btree ("rma_id");--> statement-breakpoint
CREATE INDEX "approval_requester" ON "approval" USING btree ("requested_by","requested_at");--> statement-breakpoint
CREATE UNIQUE INDEX "approval_decision_person" ON "approval_decision" USING btree ("approval_id","person");--> statement-breakpoint
CREATE UNIQUE INDEX "approval_decision_step" ON "approval_decision" USING btree ("approval_id","step");--> statement-breakpoint
CREATE INDEX "settlement_unit" ON "settlement" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "settlement_rma" ON "settlement" USING btree ("rma_id");--> statement-breakpoint
CREATE INDEX "settlement_order" ON "settlement" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "settlement_provider" ON "settlement" USING btree ("provider","provider_ref");--> statement-breakpoint
CREATE INDEX "settlement_due" ON "settlement" USING btree ("next_attempt_at") WHERE state IN ('approved', 'reserved', 'submitting', 'unknown');--> statement-breakpoint
CREATE INDEX "stock_count_place" ON "stock_count" USING btree ("facility","location","sku");--> statement-breakpoint
CREATE INDEX "stock_movement_unit" ON "stock_movement" USING btree ("unit_id");--> statement-breakpoint
CREATE INDEX "stock_movement_place" ON "stock_movement" USING btree ("sku","facility","at");--> statement-breakpoint
CREATE INDEX "batch_unprojected" ON "batch" USING btree ("id") WHERE projected_at IS NULL;