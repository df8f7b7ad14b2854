"""What is said of missing things where a job is to be started, and nothing is imported."""

ENGLISH: dict[str, tuple[str, str]] = {
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
"""By the codes of findings: what is missing, and what to do."""

ADD_IT = "add it to the inventory, or save the job without it"
"""What to do about everything else, which only the inventory knows."""
