/** Ends of keys that are for objects beside the archives. No template makes such keys. */

/** What is known of one archive: its key with this behind it. */
export const RECORD_SUFFIX = ".record.json";

/** The object that keeps runs on other machines away. */
export const LEASE_SUFFIX = ".lease.json";
