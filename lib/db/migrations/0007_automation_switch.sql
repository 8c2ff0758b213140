ALTER TABLE "automation" DROP COLUMN "did";--> statement-breakpoint
ALTER TABLE "automation" DROP COLUMN "overridden";--> statement-breakpoint
ALTER TABLE "automation" DROP COLUMN "last_at";