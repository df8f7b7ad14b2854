"""English: per code the message and the remedy."""

ENGLISH: dict[str, tuple[str, str]] = {
    # the text itself
    "json-broken": (
        "is not valid JSON at line {line}, column {column}: {reason}",
        "correct it there",
    ),
    "json-constant": ("contains {constant}, which JSON does not know", "write a number or null instead"),
    "not-an-object": (
        "holds {found} where an object is expected",
        "check that this file is what its name says",
    ),
    "not-json": (
        "is no JSON document (it looks like {looks})",
        "take the file out, or convert the job first",
    ),
    "doubled-key": ("has the key {key} twice in one object", "keep one of the two"),
    "not-utf8": ("is not UTF-8 at byte {byte}", "save the file as UTF-8"),
    "lone-surrogate": ("contains half of a surrogate pair", "write the whole character"),
    "number-too-long": (
        "contains a whole number of more than {limit} digits",
        "shorten it, or write it as text",
    ),
    "too-many-values": ("holds more than {limit} values", "split it"),
    "too-deep": ("is nested deeper than {limit} levels", "flatten it"),
    # fields
    "name-missing": ("has no name", "give it one"),
    "name-illegal": (
        "has the name {name}, which is not allowed here",
        "use up to 128 letters, digits, Chinese letters, _, - or . (resources: 32; parameters: 64)",
    ),
    "field-missing": ("lacks a required value", "add it"),
    "field-type": ("is not {expected}", "write {expected}"),
    "field-too-long": ("is {length} characters long; at most {limit} are allowed", "shorten it"),
    "field-range": ("is {value}; allowed is {low} to {high}", "choose a value in that range"),
    "field-value": ("is {value}, which is none of: {allowed}", "choose one of those"),
    "type-missing": ("has no type", "name the script's type"),
    "content-too-large": ("is {size} bytes; at most {limit} are allowed", "split the script"),
    "directory-illegal": (
        "{directory} is not a valid directory",
        "use at most {depth} levels, each of 1 to 64 letters, digits, Chinese letters, _ or -",
    ),
    "too-many-nodes": ("has {count} nodes; at most {limit} are allowed", "split the job"),
    "node-doubled": ("names a second node {node}", "give every node its own name"),
    "predecessor-unknown": (
        "of node {node} names {predecessor}, which is no node of this job",
        "correct preNodeName",
    ),
    "nodes-cyclic": ("run in a circle: {cycle}", "break the circle"),
    "mrs-queue-unset": (
        "of node {node} names no queue, and every node on MRS must here",
        "give queueName, or set mrs_queue_mandatory=false",
    ),
    "word-former": (
        "is {value}, a word of the service's reference of 2021",
        "write {now}, which means the same",
    ),
    "value-required": ("is not given, and the service requires it", "give it"),
    "schedule-missing": (
        "is not given, and the service requires it",
        "give the job a schedule; EXECUTE_ONCE runs it only when somebody starts it",
    ),
    "zone-unknown": (
        "is {zone}, which is no time zone",
        "write a name such as Asia/Shanghai or a distance such as GMT+8, or map the zone",
    ),
    "time-illegal": ("is {time}, which is no time", "write it as 2026-10-22T23:59:59+08"),
    "cron-illegal": (
        "is {expression}, which is illegal: its field {field} is {value}; allowed there is {allowed}",
        "correct the expression: seconds (0), minutes, hours, day, month, weekday and, if wanted, year",
    ),
    "cron-monthly": (
        "is {expression}, which names months; the service documents only * there",
        "write * for the month if the service refuses it",
    ),
    "dws-address-missing": (
        "names neither a cluster nor an address and port",
        "give clusterName, or ip and port",
    ),
    # the package
    "twin-names": (
        "differs from {other} only in case or accents",
        "rename one if they are meant to be different",
    ),
    "legacy-name-encoding": ("has a file name in {encoding}, read as {name}", "check the name"),
    "unknown-entry": (
        "holds {count} entries that are not known here, such as {example}",
        "they are left alone",
    ),
    "name-doubled": (
        "is in the package more than once with different contents: {files}",
        "keep one of them",
    ),
    # identity and standing
    "identity-conflict": (
        "is {target} here by its uid, but another object has the name {name}",
        "rename one of the two here",
    ),
    "already-exists": ("exists here already", "choose skip or overwrite for duplicates"),
    "type-differs": ("is of type {here} here and {there} in the package", "rename one; a type cannot change"),
    "target-not-stopped": ("is {state} here", "stop it first"),
    "target-edited": (
        "was edited here by {by} since it was last imported from there",
        "look at the difference; edit it at its source, or set target_edited=overwrite",
    ),
    "both-edited": (
        "was edited here by {by} at {at}, and at its source, since it was last imported from there",
        "look at both; bring one edit into the other, or set target_edited=overwrite",
    ),
    "touched-since": (
        "was changed by {by} at {at}, after that import",
        "look at it; take back the others with --rest",
    ),
    "tag-locked-since": (
        "would get or lose the tag {tag}, which is locked now",
        "have {tag} unlocked (`jobferry tag unlock`), or take back the others with --rest",
    ),
    "locked-since": (
        "is locked by {by} since {at}, after that import",
        "ask {by} to release it, or undo the others with --rest",
    ),
    "deleted-since": ("was deleted after that import", "take back the others with --rest"),
    "name-taken-since": (
        "had the name {name} before, and another object has it now",
        "rename that one, or take back the others with --rest",
    ),
    "needed-here": (
        "was new, and the {user_kind} {user} refers to it now",
        "change that one first, or take back the others with --rest",
    ),
    "quota-reached": (
        "would be number {number}; this workspace holds at most {limit} {things}",
        "make room, or raise {setting}",
    ),
    # rights
    "not-allowed-create": (
        "would be new, and {user} may not create it here",
        "ask {who} for the role {roles}, or let somebody who has it import",
    ),
    "not-allowed-overwrite": (
        "would be overwritten, and {user} may not change it here",
        "ask {who} for the role {roles}, or let somebody who has it import",
    ),
    "directory-not-allowed": (
        "belongs in the directory {directory}, which no directory policy leaves to {user}",
        "ask {who} for a directory policy, or import into another directory",
    ),
    # reviews
    "not-allowed-publish": (
        "would go live without review or release, and {user} may not decide that",
        "import as submitted, or ask {who}",
    ),
    "approvers-missing": (
        "needs a review before it goes live, and nobody is named to approve it",
        "name --approver (API: approvers) out of {who}, or import as saved",
    ),
    "review-pending": (
        "waits for a decision already ({review})",
        "wait until that is decided, have it withdrawn, or import as saved",
    ),
    # references
    "connection-missing": (
        "refers to the connection {need}, which does not exist here",
        "map it, or create it",
    ),
    "connection-type-differs": (
        "takes a connection of the type {wanted}, and {need} is of the type {here} here",
        "map it to a connection of the type {wanted}",
    ),
    "script-missing": (
        "refers to the script {need}, which is neither here nor in the package",
        "export it too (scripts/{need}.script in the package), map it, or hold the job",
    ),
    "resource-missing": (
        "refers to the resource {need}, which is neither here nor in the package",
        "export it too (resources/{need}.resource in the package), map it, or hold the job",
    ),
    "cdm-missing": (
        "refers to the CDM definition {need}, which is neither here nor in the package",
        "make sure its cluster has it",
    ),
    "queue-missing": (
        "refers to the queue {need}, which does not exist here",
        "map it, or add it to the inventory",
    ),
    "agent-missing": (
        "refers to the agent {need}, which does not exist here",
        "map it, or add it to the inventory",
    ),
    "cluster-missing": (
        "refers to the cluster {need}, which does not exist here",
        "map it, or add it to the inventory",
    ),
    "resource-group-missing": (
        "refers to the resource group {need}, which does not exist here",
        "map it, or add it to the inventory",
    ),
    "stream-missing": (
        "refers to the stream {need}, which does not exist here",
        "map it, or add it to the inventory",
    ),
    "graph-missing": (
        "refers to the graph {need}, which does not exist here",
        "map it, or add it to the inventory",
    ),
    "quality-monitor-missing": (
        "refers to the quality monitor {need}, which does not exist here",
        "map it, or add it to the inventory",
    ),
    "sync-task-missing": (
        "refers to the sync task {need}, which does not exist here",
        "map it, or add it to the inventory",
    ),
    "roma-instance-missing": (
        "refers to the ROMA instance {need}, which does not exist here",
        "map it, or add it to the inventory",
    ),
    "tics-instance-missing": (
        "refers to the TICS instance {need}, which does not exist here",
        "map it, or add it to the inventory",
    ),
    "drs-task-missing": (
        "refers to the DRS task {need}, which does not exist here",
        "map it, or add it to the inventory",
    ),
    "user-missing": (
        "names the user {need}, who is not known here (objects: {count})",
        "map the user, or add it to the inventory",
    ),
    "variable-missing": (
        "uses the variable {need}, which is not set here (objects: {count})",
        "add it with `jobferry variable set`",
    ),
    "nested-job-missing": (
        "runs the job {need}, which is neither here nor in the package",
        "export it too (jobs/{need}.job in the package), map it, or hold the job",
    ),
    "upstream-job-missing": (
        "waits for the job {need}, which is neither here nor in the package",
        "import it first, export it too (jobs/{need}.job in the package), map it, or hold the job",
    ),
    "waits-in-circle": (
        "waits for itself in the same period, so that none of these would ever start: {circle}",
        "take one of these dependencies out, or let it wait for the former period (PRE_PERIOD)",
    ),
    "workspace-missing": (
        "waits for a job of the workspace {need}, which does not exist here",
        "create the workspace, or map it",
    ),
    "upstream-elsewhere-missing": (
        "waits for the job {need} of the workspace {workspace}, which does not have it",
        "import it there first",
    ),
    "upstream-elsewhere-refused": (
        "waits for the job {need} of the workspace {workspace}, "
        "which lets no other workspace wait for its jobs",
        "take the dependency out, or have job_dependency_rule of that workspace allow it",
    ),
    "inventory-unknown": (
        "refers to the {kind} {need}; the inventory has no entries of this kind (objects: {count})",
        "add what exists (`jobferry inventory add`), or take the whole kind as existing (`jobferry inventory "
        "accept {typed_kind}`)",
    ),
    "needed-left-out": (
        "needs an object that is left out of this import{because}",
        "fix that one first",
    ),
    "only-used-left-out": ("is used only by objects that are left out", "fix those first"),
    "package-held-back": (
        "stays out because another object of the package fails",
        "fix that one, or import with outcome job",
    ),
    # mapping
    "mapping-unused": (
        "maps the {kind} {need} to {local}, and nothing in the package has that name",
        "check the name, or take it out of the mapping",
    ),
    "mapping-chained": (
        "maps the {kind} {chain}; each name is mapped once, whatever it becomes",
        "map to the last name if that is meant",
    ),
    "mapping-merges": (
        "makes the {kind} {local} of more than one name: {names}",
        "map them apart if they are to be told apart on the way back",
    ),
    "mapping-target-missing": (
        "maps the {kind} {need} to {local}, which does not exist here",
        "map it to another one, or create that one",
    ),
    "mapping-target-kind": (
        "maps the {kind} {need} to {local}, which is a {other} here",
        "map it to a {kind}",
    ),
    "text-unparsed": (
        "names the database {need} in line {line}, in SQL that cannot be read ({count} places); it was "
        "left alone",
        "look at it, and change it at its source if it is meant",
    ),
    "text-case": (
        "writes the mapped database as {need} in line {line} ({count} places); it was left alone",
        "map {need} as well",
    ),
    "text-needs-quotes": (
        "names the database {need} in line {line} without quotes ({count} places), "
        "which the name it is mapped to needs; it was left alone",
        "put the name into quotes at its source",
    ),
    "text-too-large": (
        "names {need} in line {line}, and more often perhaps; not mapped: too large",
        "look at it; split the text, or the package, or change it at its source if it is meant",
    ),
    "text-not-sql": (
        "names the database {need} in line {line}, in a text that is not SQL ({count} places); it was "
        "left alone",
        "look at it, and change it at its source if it is meant",
    ),
    # schedule and parameters
    "time-zone-differs": (
        "schedules jobs in {zone}, and this workspace is in {local} (jobs: {count}, such as {example})",
        "choose a time zone for the import, or leave it on purpose",
    ),
    "renamed-in-use": (
        "is called {former} here and gets its new name; jobs here still name it so ({count}: {example})",
        "change those jobs too, or import what the source made of them",
    ),
    "schedule-ended": (
        "its schedule has ended at {end}; it will not be started by it",
        "give it a later end, or none, if it is still to run",
    ),
    "schedule-not-convertible": (
        "runs by {expression} in {zone}, and no expression in {there} fires at the same instants",
        "relabel it (--zone-mode relabel), keep it, or change the schedule at its source",
    ),
    "parameter-unknown": (
        "is given a value for the parameter {parameter}, which it does not define",
        "check the name",
    ),
    "override-unknown": ("is given parameters, but the package has no such job", "check the name"),
    # what remains
    "remains-quality-monitors": (
        "refers to quality monitors whose configuration does not travel: {names}",
        "see that each of them is configured here as at the source",
    ),
    "remains-sync-tasks": (
        "refers to sync tasks whose configuration does not travel: {names}",
        "see that each of them is configured here as at the source",
    ),
    "remains-resource-groups": (
        "refers to {count} resource groups, which do not travel: {names}",
        "see that each of them has here what the jobs need",
    ),
    "remains-table-data": (
        "refers to {count} databases, whose tables and data do not travel: {names}",
        "see that the tables are here and filled",
    ),
    "remains-passwords": (
        "refers to {count} connections that have no password here: {names}",
        "give them their passwords",
    ),
    "remains-sensitive-values": (
        "has {count} objects with sensitive values that left empty and are empty here: {names}",
        "fill them in here",
    ),
    # locks
    "locked-by-another": (
        "is locked by {holder} since {since}, and the lock policy is hard",
        "ask {holder} to release it, or have it imported by one of {who}",
    ),
    "locks-overridden": (
        "overwrites {count} objects that {holder} has locked, {example} among them; their locks move to "
        "{user}",
        "ask {holder} first: what is not saved there is lost",
    ),
    # tags
    "tag-locked": (
        "has the tag {tag}, which is locked here",
        "take the tag off the job at its source, or have {tag} unlocked here (`jobferry tag unlock`)",
    ),
    "tag-locked-here": (
        "would take the tag {tag}, which is locked, off the job that is here",
        "have {tag} unlocked here (`jobferry tag unlock`), or leave the job out",
    ),
    "tag-illegal": (
        "has the tag {tag}, which no tag can be called",
        "use 1 to 128 printable characters, without spaces at either end",
    ),
    "tags-too-many": (
        "brings the tag {tag}, and a workspace has at most {limit} tags",
        "delete tags here that no job has, or take some off at the source",
    ),
    # notices
    "locks-taken": (
        "{by} has taken the lock of {things} in the workspace {workspace}, which you held",
        "what you have not saved there cannot be saved any more; open it again to see the newest content",
    ),
    "locks-released": (
        "{by} has released the lock of {things} in the workspace {workspace}, which you held",
        "take it again before you go on: `jobferry lock take`",
    ),
    "locks-overwritten": (
        "{by} has imported {package} into the workspace {workspace} and overwritten {things}, "
        "whose locks you held",
        "see what was imported; what you have not saved there cannot be saved any more",
    ),
    "export-finished": (
        "the export {package} of the workspace {workspace} is finished: {said}",
        "see `jobferry download list`",
    ),
    "export-failed": (
        "the export {package} of the workspace {workspace} failed: {said}",
        "see `jobferry download list`, then export again",
    ),
    "asset-backup-failed": (
        "the asset backup {name} of the workspace {workspace} failed: {said}",
        "see `jobferry asset-backup status`; a daily one is tried again every hour, four times",
    ),
    "import-finished": (
        "the import of {package} into the workspace {workspace} is finished: {said}",
        "see `jobferry receipt list`",
    ),
    "import-failed": (
        "the import of {package} into the workspace {workspace} failed: {said}",
        "see its receipt, or check the package again: `jobferry check`",
    ),
    "backup-failed": (
        "the backup of the platform into {place} failed: {said}",
        "check the place and its room; it is tried again every hour",
    ),
    "sign-in-due": (
        "your tokens and keys stop working on {until}, because you sign in by a provider",
        "sign in to the console by the provider before then; a later sign-in makes them work again",
    ),
    "backup-finished": ("the platform is backed up again: {path}", "nothing is left to do"),
    "review-asked": (
        "{by} asks you to approve {name} in the workspace {workspace}",
        "look and decide: `jobferry review show {id}`",
    ),
    "review-decided": (
        "{by} has decided about {name} in the workspace {workspace}: {state} ({said})",
        "see `jobferry review show {id}`",
    ),
    "release-asked": (
        "{by} asks you to release {name} in the workspace {workspace}",
        "look and decide: `jobferry release show {id}`",
    ),
    "release-decided": (
        "{by} has decided about the release {name} in the workspace {workspace}: {state} ({said})",
        "see `jobferry release show {id}`",
    ),
    "connection-incomplete": (
        "uses the connection {need}, which lacks its secrets here (objects: {count}); jobs with it do "
        "not start",
        "give them with `jobferry connection secret {need}`",
    ),
    "variable-incomplete": (
        "uses the variable {need}, which was never given a value here (objects: {count})",
        "set it with `jobferry variable set`",
    ),
    "file-absent": (
        "names the file {sha256}, which did not come along in the package",
        "export it again with --with-files",
    ),
    "resource-file-missing": (
        "names the file {location}, which is not there; jobs that use it will fail",
        "put the file there, map its path, or export it again with --with-files",
    ),
    "remains-resource-files": (
        "has {count} resources whose files could not be looked for here: {names}",
        "see that their files are where they say",
    ),
    "file-place-missing": (
        "brings a file, and this workspace has no place for it",
        "set the workspace's default_object_path, such as obs://bucket/folder",
    ),
    "deletion-not-confirmed": (
        "is gone at its source, and stays here",
        "to have it deleted here too: --apply-deletions, or --delete for some (API: apply_deletions, delete)",
    ),
    "deletion-unknown": (
        "is named to be deleted, but the package does not tell that its source has deleted it, or it is not here",
        "check kind and name; the deletions of an import are listed with its plan",
    ),
    "deletion-not-stopped": (
        "is gone at its source, and {state} here",
        "stop it first",
    ),
    "deletion-locked": (
        "is gone at its source, and locked here by {holder} since {since}",
        "ask {holder} to release it",
    ),
    "deletion-edited": (
        "is gone at its source, and was edited here by {by} since it last came from there",
        "look at it before it goes; what was edited is kept for the undo",
    ),
    "deletion-needed": (
        "is gone at its source, and the {user_kind} {user} here refers to it",
        "change that one first",
    ),
    "deletion-not-allowed": (
        "is gone at its source, and {user} may not delete it in {directory}",
        "ask {who} for the role {roles}, or let somebody who has it import",
    ),
    "deletion-in-review": (
        "is gone at its source, and deleting it here takes a review or a release",
        "delete it by hand, which asks for that",
    ),
    "deletion-held-back": (
        "stays here because an object of the package fails",
        "fix that one, or import with outcome job",
    ),
    "name-not-freed": (
        "stays out because the {kind} {need} here keeps that name",
        "see why that one stays as it is",
    ),
}
"""Messages follow the name of their subject; remedies are what to do next."""

STARTING: dict[str, tuple[str, str]] = {
    "connection-missing": (
        "refers to the connection {need}, which does not exist here",
        "create the connection first",
    ),
    "script-missing": ("refers to the script {need}, which is not here", "save the script first"),
    "resource-missing": ("refers to the resource {need}, which is not here", "save the resource first"),
    "cdm-missing": ("refers to the CDM definition {need}, which is not here", "save the definition first"),
    "nested-job-missing": ("runs the job {need}, which is not here", "save the job {need} first"),
    "upstream-job-missing": (
        "waits for the job {need}, which is not here",
        "save the job {need} first, or take it out of dependJobs",
    ),
    "workspace-missing": (
        "waits for a job of the workspace {need}, which does not exist here",
        "create the workspace, or take it out of otherWorkSpaceJobs",
    ),
    "upstream-elsewhere-missing": (
        "waits for the job {need} of the workspace {workspace}, which does not have it",
        "save the job there first, or take it out of otherWorkSpaceJobs",
    ),
}
"""What is missing where a job is to be started and nothing is imported, by the codes of findings."""

ADD_IT = "add it to the inventory, or save the job without it"
