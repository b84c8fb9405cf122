import {
	GetBucketLifecycleConfigurationCommand,
	GetBucketVersioningCommand,
	GetObjectLockConfigurationCommand,
	type LifecycleRule,
} from "@aws-sdk/client-s3";
import type { Advice } from "../advice/advice.ts";
import { type Check, type DoctorContext, type Finding, pass, warn } from "./finding.ts";
import type { Refusal } from "./refusal.ts";

const RULE = {
	ID: "remove-incomplete-uploads",
	Status: "Enabled",
	Filter: { Prefix: "" },
	AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
};

/** Nothing else can clean up after a power failure. */
export const lifecycleCheck: Check = {
	name: "lifecycle",
	async run(context) {
		const { trial, bucket, prefix } = context;
		let rules: readonly LifecycleRule[] = [];
		const asking = async () => {
			const { Rules = [] } = await trial.try(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
			rules = Rules;
		};
		const refusal = await trial.refusal(asking());
		if (refusal !== undefined && refusal.code !== "NoSuchLifecycleConfiguration")
			return unknown(
				refusal,
				"whether incomplete uploads are removed by a rule",
				"s3:GetLifecycleConfiguration",
			);
		const days = rules.flatMap((rule) => {
			const after = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
			const covers = rule.Status === "Enabled" && prefix.startsWith(prefixOf(rule));
			return covers && after !== undefined ? [after] : [];
		});
		if (days.length > 0) {
			const after = Math.min(...days);
			return pass(`incomplete uploads are removed after ${after} d`, { days: after });
		}
		return warn("no rule removes incomplete uploads", adviceOn(context, rules));
	},
};

function prefixOf({ Filter, Prefix }: LifecycleRule): string {
	return Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? "";
}

function adviceOn(
	{ bucket, connection: { endpoint } }: DoctorContext,
	rules: readonly LifecycleRule[],
): Advice {
	const rule = JSON.stringify(RULE);
	return { kind: "add-lifecycle-rule", bucket, endpoint, rule, hasRules: rules.length > 0 };
}

export const versioningCheck: Check = {
	name: "versioning",
	async run({ trial, bucket }) {
		let versioning = "off";
		const asking = async () => {
			const { Status } = await trial.try(new GetBucketVersioningCommand({ Bucket: bucket }));
			versioning = Status?.toLowerCase() ?? "off";
		};
		const refusal = await trial.refusal(asking());
		if (refusal !== undefined) return unknown(refusal, "whether it is on", "s3:GetBucketVersioning");
		const facts = { versioning };
		if (versioning === "enabled") return pass("on: overwritten archives are kept, and billed", facts);
		return pass(`${versioning}: an overwritten archive is gone`, facts);
	},
};

export const objectLockCheck: Check = {
	name: "object lock",
	async run(context) {
		const { trial, bucket } = context;
		let period: string | undefined;
		const asking = async () => {
			const command = new GetObjectLockConfigurationCommand({ Bucket: bucket });
			const { ObjectLockConfiguration } = await trial.try(command);
			const { Mode, Days, Years } = ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
			if (Mode !== undefined) period = Days === undefined ? `${Years} years` : `${Days} d`;
		};
		const refusal = await trial.refusal(asking());
		const none = /^ObjectLockConfigurationNotFound|^NoSuchObjectLockConfiguration/;
		if (refusal !== undefined && !none.test(refusal.code))
			return unknown(refusal, "whether it is on", "s3:GetBucketObjectLockConfiguration");
		if (period === undefined) return pass("off", { retention: false });
		context.retained = true;
		return warn(
			`every object stays for ${period}`,
			"no trial object is put there, since it could not be deleted",
			{ retention: true },
		);
	},
};

/** It may be so or not: the storage does not know the question, or does not let us ask it. */
function unknown({ status, code }: Refusal, what: string, action: string): Finding {
	return status === 403
		? warn(`unknown ${what}: ${code}`, `allow ${action} to see it`)
		: warn(`unknown ${what}: the storage answered ${code}`);
}
