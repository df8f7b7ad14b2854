"""Chinese: what ``--help`` says of objects and directories, by its English texts."""

from __future__ import annotations

OBJECTS: dict[str, str] = {
    "A node with its properties; repeat it.": "一个节点及其属性；可多次指定。",
    "At most so many; else 100, with --json or --quiet all.": (
        "最多显示的条数；缺省 100，--json 或 --quiet 时为全部。"
    ),
    "By what; with a minus the other way round.": "排序依据；加减号为倒序。",
    "Change a script's text, in an editor or to that of a file, and submit it.": (
        "在编辑器中修改脚本内容，或替换为文件内容，并提交。"
    ),
    "Change its document, in an editor or to that of a file, and submit it.": (
        "在编辑器中修改文档，或替换为文件内容，并提交。"
    ),
    "Delete a directory in which nothing lies.": "删除空目录。",
    "Delete it with its versions, or ask for that where a review is wanted.": (
        "删除对象及其全部版本；需要审批时提交审批。"
    ),
    "Files that jobs use by name.": "作业按名称引用的资源文件。",
    "Give it another name; its draft says it, and who uses it is told.": (
        "改名；开发态中的名称随之修改，并提示有多少对象引用原名称。"
    ),
    "Its document, - is stdin; or its name.": "文档文件，- 为标准输入；或名称。",
    "Its document; - is stdin.": "文档文件；- 为标准输入。",
    "Its name; of a CDM definition cluster/job.": "名称；CDM 作业为 集群/作业。",
    "Its new document, - is stdin; else $EDITOR opens it.": (
        "新的文档文件，- 为标准输入；缺省用 $EDITOR 打开。"
    ),
    "Its text; - is stdin.": "脚本内容文件；- 为标准输入。",
    "Jobs in this scheduling state.": "处于该调度状态的作业。",
    "List the directories in one, with how many objects each holds.": ("列出某目录下的目录及其对象数。"),
    "List them, narrowed and sorted.": "列出对象，可筛选和排序。",
    "Make a CDM definition from a document.": "由文档新建 CDM 作业。",
    "Make a directory, with those above it.": "新建目录，上级目录一并新建。",
    "Make a job from a document, or from nodes that are said, and submit it.": (
        "由文档或所指定的节点新建作业，并提交。"
    ),
    "Make a resource from a document.": "由文档新建资源。",
    "Make a script from a document, or from a file with its text, and submit it.": (
        "由文档或脚本内容文件新建脚本，并提交。"
    ),
    "Move a directory with all that lies in it into another one.": ("将目录连同其中的全部对象移入另一目录。"),
    "Of which kind; each has a tree of its own.": "对象类型；每种类型各有一棵目录树。",
    "Print the document, exactly as it is stored.": "原样输出文档。",
    "Put it into another directory.": "移到另一目录。",
    "Rename a directory; all that lies in it says its new place, or nothing does.": (
        "目录改名；其中全部对象随之修改，否则都不修改。"
    ),
    "Show a job: its nodes as a tree, when it runs next, its parameters, who uses it, its versions.": (
        "显示作业：节点树、接下来的运行时间、参数、引用它的对象、版本。"
    ),
    "Show what is known of it and what it holds.": "显示对象的信息和内容。",
    "Such as HiveSQL or Shell; then its name is said.": ("脚本类型，如 HiveSQL、Shell；此时给出的是名称。"),
    "Take the locks of what lies in it, where nobody holds them.": "目录中无人持有的锁一并获取。",
    "The CDM definitions of a workspace.": "工作空间的 CDM 作业。",
    "The directories of jobs, scripts and resources.": "作业、脚本和资源的目录。",
    "The directory that it goes into.": "移入的目录。",
    "The directory, such as /dw/ods.": "目录，如 /dw/ods。",
    "The new last part of it.": "目录的新名称（最后一级）。",
    "The new name.": "新名称。",
    "The script's new text alone; - is stdin.": "仅脚本的新内容；- 为标准输入。",
    "Those in this one; else in the root.": "该目录下的目录；缺省为根目录。",
    "What is held, or is not.": "已挂起的，或未挂起的。",
    "What is of this type.": "该类型的对象。",
    "What lies directly in this directory.": "直接位于该目录的对象。",
    "What this user changed last.": "最后由该用户修改的对象。",
    "What this user has locked.": "由该用户锁定的对象。",
    "What was changed since 2026-11-21 or 2026-11-21T12:00.": (
        "自该时间起修改过的对象，如 2026-11-21 或 2026-11-21T12:00。"
    ),
    "What was submitted, or never was.": "已提交过的，或从未提交的。",
    "When it runs; else when it is started.": "运行时间的 cron 表达式；缺省为启动时运行。",
    "Where it is to lie; made if need be.": "目标目录；不存在则新建。",
    "Where it lies.": "所在目录。",
    "Where it runs.": "运行所用的数据连接。",
    "Which columns, such as name,type,changed,tags.": "显示哪些列，如 name,type,changed,tags。",
    "Which node runs before that one.": "该节点的前置节点。",
    "With --directory, also what lies below it.": "与 --directory 同用，包含其子目录。",
    "With --document or --json its document is printed, exactly as it is stored.": (
        "使用 --document 或 --json 时原样输出文档。"
    ),
    "You have to hold its lock: jobferry lock take NAME --script, or --lock. FILE is a "
    "document, --text the text alone. What somebody saved meanwhile is not overwritten.": (
        "须持有其锁：jobferry lock take NAME --script，或 --lock。FILE 为文档，--text 仅为脚本内容"
        "。不会覆盖他人在此期间保存的内容。"
    ),
    "You have to hold the lock of a job or script: jobferry lock take NAME, or --lock. With a "
    "file, what somebody saved since you read it is overwritten, unless --if-match says what "
    "you read.": (
        "须持有作业或脚本的锁：jobferry lock take NAME，或 --lock。使用文件时会覆盖他人在您读取之后"
        "保存的内容，除非用 --if-match 指明所读取的版本。"
    ),
    "Delete it.": "删除。",
    "Change its document, in an editor or to that of a file.": "在编辑器中修改文档，或替换为文件内容。",
}
