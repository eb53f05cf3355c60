/** A name as it stands in paths: `/health/ready/write`. */
export const groupName = /^[a-z][a-z0-9-]{0,39}$/;
