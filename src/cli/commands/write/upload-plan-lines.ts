import { formatNumber } from "../../../bytes/units.ts";
import type { UploadPlan } from "../../../upload/plan-upload.ts";
import { formatBytes, formatCount, printable } from "../../terminal/text.ts";
import { costLines } from "./cost-lines.ts";

/** What an upload would do, one fact a line. */
export function uploadPlanLines(plan: UploadPlan): readonly string[] {
	const { entryCount, sourceSize, sizeBound, exact, zip64, partSize, maxPartCount, provider } = plan;
	const growth = plan.partSizeGrows ? ", doubled after every tenth of the parts" : "";
	return [
		`bucket      ${plan.bucket}`,
		`key         ${printable(plan.key)}`,
		`endpoint    ${printable(plan.endpoint ?? "that of AWS")} (provider ${provider})`,
		`entries     ${formatNumber(entryCount)}`,
		`bytes       ${formatNumber(sourceSize)} (${formatBytes(sourceSize)})`,
		`${exact ? "archive" : "at most"}     ${sizeBound === undefined ? "unknown" : `${formatNumber(sizeBound)} (${formatBytes(sizeBound)})`}`,
		...copiedLines(plan),
		`ZIP64       ${zip64 ? (exact ? "yes" : "if it gets that large") : "no"}`,
		`part size   ${formatBytes(partSize)}${growth}`,
		`parts       ${maxPartCount === undefined ? "unknown" : `at most ${formatNumber(maxPartCount)}`}`,
		`memory      ${formatBytes(plan.partMemory)} for parts`,
		...costLines(plan.cost, provider),
		...(plan.skippedCount === 0 ? [] : [`left out    ${formatNumber(plan.skippedCount)}`]),
	];
}

/** What the storage would copy, from the base if there is one, and what would be sent. */
function copiedLines(plan: UploadPlan): readonly string[] {
	const { base, entryCount, sizeBound, copiedEntryCount, copiedSize, copiedPartCount, joinedRunCount } = plan;
	if (base === undefined && copiedEntryCount === 0) return [];
	const parts = copiedPartCount === 0 ? "" : ` in ${formatCount(copiedPartCount, "part")}`;
	const joined = joinedRunCount === 0 ? "" : `, ${formatCount(joinedRunCount, "short run")} joined for that`;
	const sent = sizeBound === undefined ? "" : `, at most ${formatBytes(sizeBound - copiedSize)}`;
	return [
		...(base === undefined ? [] : [`base        ${printable(base)}`]),
		`copied      ${formatCount(copiedEntryCount, "entry", "entries")}, ${formatBytes(copiedSize)}${parts}${joined}`,
		`sent        ${formatCount(entryCount - copiedEntryCount, "entry", "entries")}${sent}`,
	];
}
