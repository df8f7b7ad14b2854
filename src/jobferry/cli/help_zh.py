"""Chinese: what ``--help`` says, by its English texts."""

HELP: dict[str, str] = {
    "Draw the nodes of a job, the jobs around it, or the jobs of a directory.": (
        "画出作业的节点、其周边的作业，或一个目录的作业。"
    ),
    "The jobs around the job, not its nodes.": "画周边的作业，而非其节点。",
    "How far from there (0 to 5).": "距离（0 到 5）。",
    "Up: what a job waits for. Down: what waits for it.": "up：作业所等待的；down：等待它的。",
    "Show these kinds too; all for every kind. Repeat it.": "也显示这些类别；all 为全部。可多次指定。",
    "At most so many nodes.": "最多节点数。",
    "The jobs in this directory and below it.": "该目录及其子目录中的作业。",
    "By live versions, not by drafts.": "按已发布版本，而非草稿。",
    "How the graph is written.": "图的输出格式。",
    "Tell which objects use a thing, in their drafts or live versions.": (
        "列出引用某项的对象（草稿或已发布版本）。"
    ),
    "Such as script:clean or connection:dwh.": "例如 script:clean 或 connection:dwh。",
    "At most so many users.": "最多列出的引用者数。",
    "Who may take packages out of the workspace.": "谁可以将包带出工作空间。",
    "List the download policies.": "列出下载策略。",
    "Say who may download packages and export into object storage; all others may not any more.": (
        "设置谁可下载包并导出到对象存储；其他人不再可以。"
    ),
    "Delete a download policy.": "删除下载策略。",
    "At most so many lines of a kind; else 10.": "每类最多显示的行数，缺省为 10。",
    "The receipt of the import, or its beginning.": "该次导入的回执 ID，可只写开头。",
    "The newest import that was not taken back.": "最近一次未撤销的导入。",
    "The receipt's id, or its beginning.": "回执的 ID，可只写开头。",
    "The record's id, or its beginning.": "记录的 ID，可只写开头。",
    "Those, by their ids; else all.": "这些通知的 ID；缺省为全部。",
    "The id that list shows, or its beginning.": "列表中显示的 ID，可只写开头。",
    "The task's id, or its beginning.": "任务的 ID，可只写开头。",
    "Carry data-pipeline jobs between platforms whose networks never meet.": (
        "在网络互不相通的平台之间搬运数据作业。"
    ),
    "Commands work on the platform at --server, or in the folder --data, or where jobferry login "
    "says, or in this user's own data folder. Exit codes: 0 done, 1 our bug, 2 bad call, 3 blocked, "
    "4 not found, 5 conflict, 6 a service is unreachable, 7 package refused, 8 not allowed, 9 done "
    "in part, 10 differs, 11 not verified.": (
        "命令作用于 --server 所指的平台、--data 所指数据目录中的平台、jobferry login 登录过的平台，或"
        "本用户自己的数据目录。退出码：0 完成，1 程序缺陷，2 调用有误，3 受阻，4 不存在，5 冲突，6 服"
        "务不可达，7 包被拒绝，8 无权限，9 部分完成，10 有差异，11 审计校验未通过。"
    ),
    "Usage:": "用法：",
    "Arguments": "参数",
    "Options": "选项",
    "Commands": "命令",
    "Options of every command": "通用选项",
    "Carry packages": "搬运",
    "Build": "开发",
    "Work together": "协作",
    "Operate": "运维",
    "Show this message and exit.": "显示本帮助。",
    "Print this program's version.": "显示程序版本。",
    "Talk to the platform at this address (JOBFERRY_SERVER).": ("访问该地址上的平台（JOBFERRY_SERVER）。"),
    "Work on the platform in this data folder, served or not (JOBFERRY_DATA).": (
        "使用该数据目录中的平台，无论是否已启动服务（JOBFERRY_DATA）。"
    ),
    "Name or id of the workspace (JOBFERRY_WORKSPACE).": ("工作空间的名称或 ID（JOBFERRY_WORKSPACE）。"),
    "Print one JSON value to stdout.": "以 JSON 输出结果。",
    "Language of messages (JOBFERRY_LANGUAGE, LANG).": "消息语言（JOBFERRY_LANGUAGE、LANG）。",
    "Do not ask first.": "不再询问，直接执行。",
    "Export jobs with all that they use as one package; also a whole workspace, or its changes.": (
        "将作业及其引用的对象导出为一个包；也可导出整个工作空间或其变更。"
    ),
    "Jobs, with all that they use.": "作业，连同其引用的对象。",
    "The file or folder where the package goes; - is stdout.": "存放包的文件或目录；- 为标准输出。",
    "The whole workspace.": "整个工作空间。",
    "A workspace export of everything; --since-last goes on from it.": (
        "全量工作空间导出；--since-last 由此开始增量。"
    ),
    "What has changed or is gone since the last workspace export.": (
        "上次工作空间导出之后修改或删除的对象。"
    ),
    "What has changed since 2026-11-21 or 2026-11-21T12:00.": (
        "自该时间起的变更，如 2026-11-21 或 2026-11-21T12:00。"
    ),
    "Until then; not included. Else now.": "截止时间（不含）；缺省为现在。",
    "What the target that wrote this receipt lacks.": "写出该回执的目标平台所缺少的对象。",
    "A script; may be said several times.": "脚本；可多次指定。",
    "What lies in or below this directory.": "位于该目录及其子目录的对象。",
    "Jobs that have this tag.": "带有该标签的作业。",
    "What has this in its name.": "名称中含有该文字的对象。",
    "What --directory and --query choose among.": "--directory 和 --query 的选择范围。",
    "Leave out what the jobs use.": "不含作业引用的对象。",
    "Bring along the files that resources name in object storage.": ("连同资源在对象存储中的文件一起导出。"),
    "Drafts, or what was submitted last.": "草稿，或最近提交的版本。",
    "Whether schedules come along.": "是否包含调度配置。",
    "Show what would come along and what stays a need; make nothing.": (
        "只显示会导出什么、还依赖什么，不生成包。"
    ),
    "Make it on the platform and keep it there: see jobferry download list.": (
        "在平台上生成并保存，见 jobferry download list。"
    ),
    "Write it to obs://bucket/folder, or to the default place.": ("写入 obs://bucket/folder 或缺省位置。"),
    "Show what a package holds and needs. No platform is asked.": "显示包的内容和依赖。无需平台。",
    "A package file, or a folder of one.": "包文件，或包的目录。",
    "Show what differs from one package to another; no platform is asked.": ("比较两个包；无需平台。"),
    "With one package only: how it differs from a platform's workspace. Exit code 10 if anything differs.": (
        "只给一个包时，与平台上的工作空间比较。有差异时退出码为 10。"
    ),
    "The package that it is compared with.": "与之比较的包。",
    "With which state of the workspace a single package is compared.": ("单个包与工作空间的哪种状态比较。"),
    "Tell also of what only the workspace has, as removed.": ("也列出只在工作空间中存在的对象（视为移除）。"),
    "Check a package against this platform. The plan is shown, and nothing is written.": (
        "按本平台检查一个包。显示计划，不做任何更改。"
    ),
    "Exit code 3 if anything would stay out.": "有对象受阻时退出码为 3。",
    "A package file, a folder of one, or obs://bucket/key.": ("包文件、包的目录，或 obs://bucket/key。"),
    "What exists here already.": "同名对象已存在时如何处理。",
    "What copies are called; {name}_copy if not said.": "副本的名称；缺省为 {name}_copy。",
    "What imported jobs and scripts become.": "导入的作业和脚本的状态。",
    "Whether one failing object stays out alone, or keeps the whole package out.": (
        "一个对象失败时，只排除该对象，还是整个包都不导入。"
    ),
    "What refers to something missing stays out, or lands and cannot start yet.": (
        "引用缺失的对象：不导入，或导入后挂起、暂不能启动。"
    ),
    "What refers to a kind of which nobody has said what exists here.": (
        "引用了尚未登记任何条目的类别时如何处理。"
    ),
    "What stands for a thing that the package names.": "包中名称在本平台的对应名称。",
    "A YAML or JSON file of such pairs, by kind.": "按类别列出此类映射的 YAML 或 JSON 文件。",
    "A YAML or JSON list of rules for single objects.": "针对单个对象的规则列表（YAML 或 JSON）。",
    "Where new objects go, instead of the package's.": "新对象所在目录，代替包中的目录。",
    "The zone of all schedules.": "所有调度的时区。",
    "The same wall clock in another zone, the same instants, or nothing.": (
        "换时区时保持钟点、保持时刻，或不作改动。"
    ),
    "Who runs the jobs here.": "作业在本平台的执行用户。",
    "A value for the parameter of any job.": "任意作业的参数值。",
    "A value for the parameter of one job.": "单个作业的参数值。",
    "Who is asked where a review is wanted; repeat it.": "需要审批时的审批人；可多次指定。",
    "Refuse any other package than this.": "只接受摘要与此相同的包。",
    "Delete here what the source has deleted.": "删除源端已删除的对象。",
    "Go by the route saved for the package's source: there must be one, or never; else if there is.": (
        "使用为包来源保存的路线：必须有，或一律不用；缺省为有则使用。"
    ),
    "What this is done as; import-package if not said.": "以何种操作导入；缺省为 import-package。",
    "Save what was used as the route for the package's source.": ("将本次所用设置保存为该来源的路线。"),
    "Write there why what did not pass: .csv, .json or .txt.": (
        "将未通过原因写入该文件：.csv、.json 或 .txt。"
    ),
    "Write there a mapping for what is missing.": "将缺失项的映射模板写入该文件。",
    "Import a package: check it, show the plan, carry the plan out, show the receipt.": (
        "导入一个包：检查，显示计划，执行计划，显示回执。"
    ),
    "Exit code 3 if everything stays out, 9 if some of it does or is held; the receipt says what and why.": (
        "全部未导入时退出码为 3，部分未导入或挂起时为 9；原因见回执。"
    ),
    "Show what would happen, and change nothing.": "只显示会发生什么，不做更改。",
    "Take an import back: what it changed is as it was before, what was new is gone.": (
        "撤销一次导入：改动过的恢复原状，新建的移除。"
    ),
    "Exit code 3 if anything was touched since; nothing is changed then, unless with --rest (exit code 9).": (
        "此后有对象被改动时退出码为 3，不做更改；使用 --rest 时例外（退出码 9）。"
    ),
    "Leave alone what was touched since, and take back the others.": ("跳过此后改动过的对象，撤销其余对象。"),
    "Check a package and write its plan into a file. The command apply carries that out.": (
        "检查一个包并将计划写入文件。由 apply 命令执行。"
    ),
    "Nothing is changed. Exit code 3 if anything would stay out.": ("不做任何更改。有对象受阻时退出码为 3。"),
    "The file or folder for the plan.": "存放计划的文件或目录。",
    "Show what differs, field by field.": "逐字段显示差异。",
    "Carry out exactly what a plan file says, or nothing.": "严格按计划文件执行，否则什么也不做。",
    "Exit code 5 if anything that the plan was made for has moved; what, is said by name. A plan "
    "that was applied already answers with its receipt.": (
        "计划所依据的内容有变化时退出码为 5，并指明是什么。已执行过的计划显示其回执。"
    ),
    "A file that jobferry plan wrote.": "由 jobferry plan 写出的文件。",
    "The package, if it is not where it was when planned.": "包，如果已不在制定计划时的位置。",
    "What came of imports.": "导入的结果。",
    "List the receipts of the workspace's imports, newest first.": ("列出工作空间的导入回执，最新的在前。"),
    "Show a receipt, or write it to a file that can be carried back.": ("显示回执，或写入可带回源端的文件。"),
    "Write it as JSON to this file or folder.": "以 JSON 写入该文件或目录。",
    "The download center, which keeps what was exported.": "下载中心，保存导出的包。",
    "List exports, newest first: your own, or all if you run the workspace.": (
        "列出导出记录，最新的在前：自己的；工作空间管理者可见全部。"
    ),
    "Only this kind of export.": "只列出该类导出。",
    "How they stand.": "按状态筛选。",
    "Who exported.": "导出人。",
    "A piece of file name, subject, user, place or reason.": ("文件名、内容、用户、位置或原因中的文字。"),
    "Show one record: what was exported, where it is, and why it failed if it did.": (
        "显示一条记录：导出了什么、在哪里、失败时的原因。"
    ),
    "Fetch a package that is kept here.": "下载保存的包。",
    "Where it goes: a file or folder; - is stdout.": "存放位置：文件或目录；- 为标准输出。",
    "Delete a record with its package; it cannot be downloaded any more.": (
        "删除记录及其包；删除后不能再下载。"
    ),
    "What happened to a workspace's objects.": "工作空间中对象的变更。",
    "List what happened to the workspace's objects while change management was on, newest first.": (
        "列出变更管理开启期间对象的变更，最新的在前。"
    ),
    "What happened.": "变更的类型。",
    "In name, former name or directory.": "名称、原名称或目录中的文字。",
    "Batch task packages, of live jobs by a list of names.": ("批量任务包，按名称列表打包已发布的作业。"),
    "Match all names with live jobs, and generate their package. One unknown name, and nothing is "
    "generated.": ("将全部名称与已发布的作业匹配并生成包。有一个名称不存在则不生成。"),
    "Exit code 4 if a name is unknown.": "有名称不存在时退出码为 4。",
    "A file with one job name a line; - is stdin.": "每行一个作业名称的文件；- 为标准输入。",
    "Whether the files come along that resources name in object storage.": (
        "是否包含资源在对象存储中的文件。"
    ),
    "Show the names that were given last, how that went, and what can be exported.": (
        "显示最近一次的名称列表、结果以及可导出的包。"
    ),
    "Fetch the package that was generated last, whatever changed since.": (
        "下载最近一次生成的包，不受此后更改影响。"
    ),
    "What imports from a source go by.": "来自某来源的导入所用的设置。",
    "List the routes into the workspace.": "列出通往该工作空间的路线。",
    "Show what a route says.": "显示路线的内容。",
    "PLATFORM/WORKSPACE, the platform by name or id; or a package file that comes from there.": (
        "PLATFORM/WORKSPACE，平台用名称或 ID；或来自该处的包文件。"
    ),
    "Save what is said here as the route for a source, in the place of what was saved.": (
        "将此处的设置保存为某来源的路线，取代原有设置。"
    ),
    "Delete the route for a source.": "删除某来源的路线。",
    "The jobs of a workspace.": "工作空间的作业。",
    "The job's name.": "作业名称。",
    "A submitted version, not the draft.": "某个已提交的版本，而非草稿。",
    "Say the document's ETag on stderr.": "在标准错误输出文档的 ETag。",
    "Save only; do not submit.": "只保存，不提交。",
    "What approvers are told.": "给审批人的说明。",
    "Put it live without review; for owner and administrators.": ("不经审批直接发布；限所有者和管理员。"),
    "Take the job's lock with it, if nobody holds it.": "无人持锁时同时获取作业的锁。",
    "Save only if the draft is still the one of this ETag.": "仅当草稿仍为该 ETag 时才保存。",
    "Start the scheduling of a job's live version.": "启动作业已发布版本的调度。",
    "Stop the scheduling of a job.": "停止作业的调度。",
    "Make the draft of a job its next version.": "将作业草稿提交为下一个版本。",
    "What changed; at most 128 characters.": "更改说明，最多 128 个字符。",
    "Take its lock with it, if nobody holds it.": "无人持锁时同时获取锁。",
    "What was submitted of a job or script.": "作业或脚本已提交的版本。",
    "List the versions that are kept, newest first.": "列出保留的版本，最新的在前。",
    "A job, or with --script a script.": "作业；使用 --script 时为脚本。",
    "It is about a script, not a job.": "针对脚本，而非作业。",
    "Print a version's document, exactly as it was submitted.": ("输出版本的文档，与提交时一字不差。"),
    "The version's number.": "版本号。",
    "Compare a version with the draft or another version; exit code 10 if anything differs.": (
        "将版本与草稿或另一版本比较；有差异时退出码为 10。"
    ),
    "The version to compare with; else the draft.": "与之比较的版本；缺省为草稿。",
    "Make a version's text the draft; name, place and what is live stay.": (
        "将版本内容恢复为草稿；名称、位置和已发布版本不变。"
    ),
    "The scripts of a workspace.": "工作空间的脚本。",
    "Make the draft of a script its next version.": "将脚本草稿提交为下一个版本。",
    "The script's name.": "脚本名称。",
    "The tags of jobs.": "作业的标签。",
    "List the workspace's tags.": "列出工作空间的标签。",
    "Make a tag.": "创建标签。",
    "The tag's name.": "标签名称。",
    "Delete a tag that no job has.": "删除没有作业使用的标签。",
    "Lock a tag: no job gets or loses it, and nobody deletes it.": ("锁定标签：不能再添加、移除或删除。"),
    "Unlock a tag.": "解锁标签。",
    "Give a job these tags instead of those that it has; its draft changes, what is live does not.": (
        "将作业的标签换成这些；只改草稿，已发布版本不变。"
    ),
    "All it is to have; none: no tag.": "应有的全部标签；不写则清空。",
    "Write which jobs have which tags: a row for every job, a column for every tag, 1 or 0.": (
        "写出各作业的标签：每个作业一行，每个标签一列，1 或 0。"
    ),
    "The CSV file to write.": "要写入的 CSV 文件。",
    "Only this tag; may be given again.": "只写该标签；可多次指定。",
    "Give jobs the tags of a file: the whole file, or nothing of it.": (
        "按文件为作业打标签：全部生效，或全不生效。"
    ),
    "A CSV file, obs://bucket/key, or - for stdin.": ("CSV 文件、obs://bucket/key，或 - 表示标准输入。"),
    "Instead of the tags that its jobs have, not on top of them.": "取代作业原有的标签，而非追加。",
    "The workspace's data connections.": "工作空间的数据连接。",
    "List the connections.": "列出数据连接。",
    "Add a connection. What is secret in it is sealed and never shown again.": (
        "创建数据连接。其中的机密加密保存，不再显示。"
    ),
    "DWS, DLI, HIVE, HOST, …": "DWS、DLI、HIVE、HOST 等。",
    "A value of its configuration.": "配置项的值。",
    "The whole document instead; - is stdin.": "改用完整文档；- 为标准输入。",
    "Delete a connection.": "删除数据连接。",
    "Give a connection its password, or another secret of its configuration.": (
        "设置数据连接的密码或其他机密。"
    ),
    "Read it from stdin.": "从标准输入读取。",
    "Export all connections as one package, without any password.": (
        "将全部数据连接导出为一个包，不含密码。"
    ),
    "Import all connections of a package, or none. Passwords that are here stay; exit code 3 if one fails.": (
        "导入包中的全部数据连接，或全不导入。已有的密码保留；有一个失败时退出码为 3。"
    ),
    "A file, or obs://bucket/key.": "文件，或 obs://bucket/key。",
    "What happens to those that are here already.": "已存在的如何处理。",
    "YAML: by connection, values of its configuration.": "YAML：按数据连接列出配置值。",
    "Ask for the passwords that are missing here.": "询问缺少的密码。",
    "Refuse any other package.": "拒绝其他任何包。",
    "Only say what would become of each.": "只显示各项会如何处理。",
    "The workspace's environment variables.": "工作空间的环境变量。",
    "List the environment variables.": "列出环境变量。",
    "Set an environment variable.": "设置环境变量。",
    "The same on every platform.": "在各平台上取值相同。",
    "Delete an environment variable.": "删除环境变量。",
    "Export all environment variables: constants with their values, variables without.": (
        "导出全部环境变量：常量带值，变量不带值。"
    ),
    "Import all environment variables of a package, or none. Values that are here stay; exit code 3 "
    "if one fails.": ("导入包中的全部环境变量，或全不导入。已有的值保留；有一个失败时退出码为 3。"),
    "YAML: values by the variables' names.": "YAML：按变量名列出值。",
    "What exists here outside Jobferry.": "Jobferry 之外在本平台可用的资源清单。",
    "List what exists here outside Jobferry.": "列出清单。",
    "Add what exists here: names of one kind, or all that a package refers to.": (
        "登记可用的资源：某一类别的名称，或包所引用的全部。"
    ),
    "One of: queue, agent, cluster, resource-group, stream, graph, quality-monitor, sync-task, "
    "roma-instance, tics-instance, drs-task, user": (
        "之一：queue、agent、cluster、resource-group、stream、graph、quality-monitor、sync-task、"
        "roma-instance、tics-instance、drs-task、user"
    ),
    "Confirm that all that this package refers to exists here.": "确认该包所引用的全部资源都可用。",
    "Add everything that a file names, with the ids that things have here; all of it or nothing.": (
        "登记文件中列出的全部资源及其本地 ID；全部成功，或全不登记。"
    ),
    "YAML by kind, or .csv with columns kind, name, local_id.": (
        "按类别的 YAML，或含 kind、name、local_id 列的 .csv。"
    ),
    "Take a thing out of the inventory.": "从清单中移除一项。",
    "One of: queue, agent, cluster, resource-group, stream, graph, quality-monitor, sync-task, "
    "roma-instance, tics-instance, drs-task, user.": (
        "之一：queue、agent、cluster、resource-group、stream、graph、quality-monitor、sync-task、"
        "roma-instance、tics-instance、drs-task、user。"
    ),
    "Accept kinds: everything of them exists here, and nothing of them is looked for any more.": (
        "整类接受：视为全部可用，不再逐一查找。"
    ),
    "What was held for them only may start.": "仅因此挂起的对象即可启动。",
    "Some of: queue, agent, cluster, resource-group, stream, graph, quality-monitor, sync-task, "
    "roma-instance, tics-instance, drs-task, user.": (
        "若干：queue、agent、cluster、resource-group、stream、graph、quality-monitor、sync-task、"
        "roma-instance、tics-instance、drs-task、user。"
    ),
    "No longer say so.": "取消整类接受。",
    "Who may change which jobs and scripts.": "谁可以修改哪些作业和脚本。",
    "List what is locked, by whom, since when.": "列出锁定的对象、持锁人和时间。",
    "Only this user's.": "只列出该用户的。",
    "It is about scripts, not jobs.": "针对脚本，而非作业。",
    "Take a lock, so that you may change the object; who held it is told.": (
        "获取锁以便修改；原持锁人会收到通知。"
    ),
    "Release locks; those that you may not release are named, and the others released.": (
        "释放锁；无权释放的会列出，其余释放。"
    ),
    "Jobs, or with --script scripts.": "作业；使用 --script 时为脚本。",
    "What waits for approval.": "等待审批的事项。",
    "List reviews, newest first.": "列出审批，最新的在前。",
    "What waits for you, what you decided, what you asked for, or all.": (
        "待我审批、我已审批、我的申请，或全部。"
    ),
    "Only these.": "只列出这些。",
    "Show what a review asks for, in the order in which it goes live.": ("显示审批的内容，按发布顺序。"),
    "Approve a review: all that it asks for happens, or nothing.": ("批准：申请的内容全部生效，或全不生效。"),
    "Said to who asked.": "给申请人的答复。",
    "Reject a review: drafts stay as they are.": "驳回：草稿保持不变。",
    "Take back what you asked for.": "撤回自己的申请。",
    "Ask once more for what was rejected or withdrawn, if it has not changed.": (
        "内容未变时，重新申请被驳回或已撤回的事项。"
    ),
    "Who is asked, else who was before; repeat it.": "审批人；缺省为原审批人；可多次指定。",
    "Releases of enterprise mode.": "企业模式的发布。",
    "List releases, newest first.": "列出发布，最新的在前。",
    "List what was submitted and is in no release yet.": "列出已提交、尚未纳入发布的对象。",
    "Show what a release takes live, in that order.": "显示发布的内容，按发布顺序。",
    "Put what waits into a release, for somebody else to approve.": (
        "将等待的对象纳入一次发布，由他人批准。"
    ),
    "What to call the release.": "发布的名称。",
    "A job to release; repeat it.": "要发布的作业；可多次指定。",
    "A script to release; repeat it.": "要发布的脚本；可多次指定。",
    "Everything that waits.": "全部等待的对象。",
    "Who may decide, else all who can; repeat it.": "审批人；缺省为所有有权者；可多次指定。",
    "Take everything in a release live, or nothing.": "发布其中的全部对象，或全不发布。",
    "Reject a release: what is in it waits for another one.": ("驳回发布：其中的对象等待下一次发布。"),
    "Take a release back: what is in it waits for another one.": ("撤回发布：其中的对象等待下一次发布。"),
    "Who belongs to the workspace.": "工作空间的成员。",
    "List the members with their roles.": "列出成员及其角色。",
    "Add a member, or change a member's roles.": "添加成员，或修改成员的角色。",
    "The user's name.": "用户名。",
    "administrator, developer, deployer, operator, viewer.": (
        "administrator、developer、deployer、operator、viewer。"
    ),
    "Take a member out, and out of the directory policies.": "移除成员，并移出目录策略。",
    "Make somebody else the owner; who was it before becomes an administrator.": (
        "转让所有权；原所有者成为管理员。"
    ),
    "In which directories members may work.": "成员可以操作哪些目录。",
    "List the directory policies.": "列出目录策略。",
    "Say who may work in which directories, everything below them included.": (
        "设置谁可操作哪些目录（含子目录）。"
    ),
    "The policy's name.": "策略名称。",
    "Repeat it.": "可多次指定。",
    "A member; repeat it.": "成员；可多次指定。",
    "All of this role; repeat it.": "该角色的全部成员；可多次指定。",
    "Delete a directory policy.": "删除目录策略。",
    "What you were told.": "发给您的通知。",
    "List your notices, newest first.": "列出您的通知，最新的在前。",
    "Only what was not read yet.": "只列出未读的。",
    "In order of this; -WORD the other way round.": "按此排序；-WORD 为倒序。",
    "At most so many; else all.": "最多列出的数量，默认全部。",
    "Only those with this in their names.": "只列出名称中包含此内容的。",
    "Only things of this kind.": "只列出该类型的。",
    "Only those of this type.": "只列出该类型的。",
    "Only those who have this role.": "只列出拥有该角色的。",
    "Only those with this in the file's name.": "只列出文件名中包含此内容的。",
    "Only those with this in their place.": "只列出路径中包含此内容的。",
    "Mark notices as read.": "将通知标为已读。",
    "Make a platform in a data folder; one that is there already stays as it is.": (
        "在数据目录中创建平台；已有的平台保持不变。"
    ),
    "A new or empty folder; else as --data says.": "新的或空的目录；缺省由 --data 指定。",
    "What a new platform calls itself in packages.": "新平台在包中使用的名称。",
    "Run the platform of a data folder; a new folder gets one.": ("运行数据目录中的平台；新目录则先创建。"),
    "It runs until it is told to stop (SIGTERM, Ctrl-C).": ("运行至收到停止信号（SIGTERM、Ctrl-C）。"),
    "The address to listen on.": "监听地址。",
    "The port; 0 takes a free one.": "端口；0 表示任选空闲端口。",
    "Show what signs in to the platform of a data folder: project, access key, secret key, token.": (
        "显示登录数据目录中平台所用的凭据：项目、访问密钥、私有密钥、令牌。"
    ),
    "Workspaces and their settings.": "工作空间及其设置。",
    "List the workspaces.": "列出工作空间。",
    "Show a workspace with all its settings.": "显示工作空间及其全部设置。",
    "Its name or id; else as --workspace says.": "名称或 ID；缺省由 --workspace 指定。",
    "Make a workspace.": "创建工作空间。",
    "Settings of a workspace or of the platform.": "工作空间或平台的设置。",
    "List settings with values, where these come from, who may set them, and meanings.": (
        "列出设置的值、来源、可设置者和含义。"
    ),
    "Those of the whole platform, not of the workspace.": "平台的设置，而非工作空间的设置。",
    "Change settings of the workspace, or with --platform (for operations) of the platform.": (
        "修改工作空间的设置；使用 --platform 时修改平台的设置（限平台运维）。"
    ),
    "An empty value is the default again.": "值为空则恢复缺省值。",
    "Who can sign in.": "可以登录的用户。",
    "List the users; for operations.": "列出用户；限平台运维。",
    "Show who is signed in, and the roles in each workspace.": ("显示当前用户及其在各工作空间的角色。"),
    "Make a user. Without a password they sign in by tokens and keys alone.": (
        "创建用户。未设密码时只能用令牌和密钥登录。"
    ),
    "Give the platform-wide role.": "授予平台运维角色。",
    "Read passwords from stdin, one a line.": "从标准输入读取密码，每行一个。",
    "Keep a user out: sessions end, tokens and keys stop working.": ("停用用户：会话结束，令牌和密钥失效。"),
    "Let a user in again.": "重新启用用户。",
    "Give a user the platform-wide role operations, or take it away.": "授予或收回平台运维角色。",
    "The platform-wide role.": "平台运维角色。",
    "Change your own password, or give somebody another one. All sessions of the user end.": (
        "修改自己的密码，或重置他人的密码。该用户的会话全部结束。"
    ),
    "Somebody else, for operations; else you.": "他人（限平台运维）；缺省为自己。",
    "End all your sessions in browsers.": "结束自己在浏览器中的全部会话。",
    "API tokens.": "API 令牌。",
    "List tokens with their last use.": "列出令牌及最近使用时间。",
    "Somebody else's, for operations; else your own.": "他人的（限平台运维）；缺省为自己的。",
    "Make a token and print it, this once.": "创建令牌并显示，仅此一次。",
    "The token's name.": "令牌名称。",
    "For how long it is good.": "有效天数。",
    "For looking and exporting only.": "只能查看和导出。",
    "Good in these alone; repeat it.": "只在这些工作空间有效；可多次指定。",
    "Delete a token; nobody signs in with it any more.": "删除令牌；此后不能再用它登录。",
    "Pairs of access key and secret key, for signatures.": "用于签名的访问密钥对。",
    "List key pairs with their last use.": "列出密钥对及最近使用时间。",
    "Make a key pair and print it with the project id, which clients want too; the secret key this once.": (
        "创建密钥对，连同客户端所需的项目 ID 一起显示；私有密钥仅显示一次。"
    ),
    "Make a pair in the place of another, and print both keys, the secret one this once.": (
        "以新密钥对替换旧密钥对并显示；私有密钥仅显示一次。"
    ),
    "The access key.": "访问密钥。",
    "How long the former pair stays good; 0: not at all; not said: until it is disabled.": (
        "旧密钥对继续有效的小时数；0 为立即失效；不写则至停用为止。"
    ),
    "Make a key pair useless; it stays in the list.": "停用密钥对；仍保留在列表中。",
    "Delete a key pair.": "删除密钥对。",
    "What was done or refused, by whom.": "谁做了什么、被拒绝了什么。",
    "List what was done or refused, newest first.": "列出审计记录，最新的在前。",
    "The whole platform's; for operations.": "整个平台的；限平台运维。",
    "Who did it.": "操作人。",
    "What was done.": "操作。",
    "What it was about.": "对象类别。",
    "2026-11-21 or 2026-11-21T12:00, local time.": "如 2026-11-21 或 2026-11-21T12:00，本地时间。",
    "Not included.": "不含该时刻。",
    "Anywhere, case ignored.": "任意位置的文字，不分大小写。",
    "At most so many.": "最多条数。",
    "Check that every row of the audit is as it was written. Exit code 11 if one is not.": (
        "校验审计的每一条记录。有记录不符时退出码为 11。"
    ),
    "Take the audit as it is, after an older copy of the database was put back on purpose.": (
        "有意恢复旧数据库后，接受当前的审计。"
    ),
    "Why rows are missing; kept in the audit.": "记录缺失的原因；写入审计。",
    "Background tasks: imports, undos and exports.": "后台任务：导入、撤销和导出。",
    "List background tasks, newest first: your own, or all if you run the workspace.": (
        "列出后台任务，最新的在前：自己的；工作空间管理者可见全部。"
    ),
    "Only tasks of this kind.": "只列出该类任务。",
    "Only tasks that stand so.": "只列出该状态的任务。",
    "Only tasks that this user began.": "只列出该用户发起的任务。",
    "Only tasks begun at or after this.": "只列出此时及之后开始的任务。",
    "Only tasks begun before this.": "只列出此前开始的任务。",
    "Tasks of all workspaces; for operations.": "所有工作空间的任务；限平台运维。",
    "Show a task: how far it is, or how it ended.": "显示任务的进度或结果。",
    "Cancel a task that has not been applied yet: nothing of it is done.": (
        "取消尚未执行的任务：不产生任何更改。"
    ),
    "Sign in to a platform, by token or by name and password; commands then talk to it unless they "
    "name another.": ("以令牌或用户名和密码登录平台；此后的命令默认使用该平台。"),
    "The platform's address.": "平台地址。",
    "Sign in by password, and make a token for this machine.": "以密码登录，并为本机创建令牌。",
    "Read the token, or with --user the password, from stdin.": (
        "从标准输入读取令牌；使用 --user 时读取密码。"
    ),
    "Forget the platform that was signed in to; a token that the login made is deleted.": (
        "退出登录；登录时创建的令牌一并删除。"
    ),
    "Print a script that completes commands in a shell.": "输出命令行补全脚本。",
    'For bash: eval "$(jobferry completion bash)" in ~/.bashrc; for zsh the same with zsh in '
    "~/.zshrc, after compinit; for fish: jobferry completion fish > "
    "~/.config/fish/completions/jobferry.fish": (
        'bash：在 ~/.bashrc 中加入 eval "$(jobferry completion bash)"；zsh：在 ~/.zshrc 的 compinit '
        "之后同样加入（改为 zsh）；fish：jobferry completion fish > "
        "~/.config/fish/completions/jobferry.fish"
    ),
    "bash, zsh or fish.": "bash、zsh 或 fish。",
    "Carry a workspace between two new platforms, as an example.": ("演示在两个新平台之间搬运工作空间。"),
    "Leave both platforms in this new folder.": "将两个平台保留在该新目录中。",
    "Draw the nodes of a job, or jobs around it or in a directory.": (
        "绘制作业的节点，或其周围、某目录中的作业。"
    ),
    "Tell which drafts and live versions use a thing.": "列出哪些草稿和线上版本使用某对象。",
    "A node with its properties; repeat it.": "一个节点及其属性；可多次指定。",
    "At most so many; else 100, with --json all.": "最多显示的条数；缺省 100，--json 时为全部。",
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
        "改名；草稿中的名称随之修改，并提示有多少对象引用原名称。"
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
    "Show a job: its nodes as a tree, when it runs next, its parameters, who uses it.": (
        "显示作业：节点树、接下来的运行时间、参数、引用它的对象。"
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
    "Draw the package's jobs instead, coloured by the plan.": "改为绘制包中的作业，按计划着色。",
}
