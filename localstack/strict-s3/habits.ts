/** Ways of other storages, where they are not those of AWS. */
export interface Habits {
	/** What the checksum of a copied part is of. versitygw gives that of the whole source, for a range too. */
	readonly copyChecksum: "range" | "source";
	/** Whether the conditions on the source of a copy count. Ceph and R2 take no notice of them. */
	readonly copyConditions: "heeded" | "ignored";
	/**
	 * Which bytes of the source a range stands for: those it names, those one byte later (but for the last ones) or before (but for the
	 * first ones), or all.
	 */
	readonly copyRange: "exact" | "late" | "early" | "ignored";
	/** Whether all parts of an upload but the last have one size, copied ones too, as on R2. */
	readonly partSizes: "free" | "equal";
}

export const AWS_HABITS: Habits = {
	copyChecksum: "range",
	copyConditions: "heeded",
	copyRange: "exact",
	partSizes: "free",
};
