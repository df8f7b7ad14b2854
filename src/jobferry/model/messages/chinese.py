"""Chinese: per code the message and the remedy."""

_MAP_OR_ADD = "请映射，或加入本平台清单"

CHINESE: dict[str, tuple[str, str]] = {
    "json-broken": ("第 {line} 行第 {column} 列不是合法的 JSON：{reason}", "请按提示修正"),
    "json-constant": ("含有 JSON 不支持的 {constant}", "改为数字或 null"),
    "not-an-object": ("应为对象，实际为 {found}", "确认该文件的内容与名称一致"),
    "not-json": ("不是 JSON 文档（看起来是 {looks}）", "移除该文件，或先转换作业"),
    "doubled-key": ("同一对象中键 {key} 重复", "只保留一个"),
    "not-utf8": ("第 {byte} 字节不是 UTF-8", "将文件另存为 UTF-8"),
    "lone-surrogate": ("含有不完整的代理字符", "写出完整字符"),
    "number-too-long": ("含有超过 {limit} 位的整数", "缩短，或写成文本"),
    "too-many-values": ("含有超过 {limit} 个值", "请拆分"),
    "too-deep": ("嵌套超过 {limit} 层", "减少层级"),
    "name-missing": ("没有名称", "请填写名称"),
    "name-illegal": (
        "名称 {name} 不合法",
        "名称可用英文字母、数字、中文、下划线、中划线和点，最长 128 个字符（资源 32，参数 64）",
    ),
    "field-missing": ("缺少必填项", "请补充"),
    "field-type": ("类型应为 {expected}", "请改为 {expected}"),
    "field-too-long": ("长度为 {length}，最多 {limit} 个字符", "请缩短"),
    "field-range": ("值为 {value}，允许范围 {low} 到 {high}", "请改为范围内的值"),
    "field-value": ("值为 {value}，只能是：{allowed}", "请选择其中之一"),
    "type-missing": ("没有类型", "请填写脚本类型"),
    "content-too-large": ("大小为 {size} 字节，最多 {limit} 字节", "请拆分脚本"),
    "directory-illegal": (
        "{directory} 不是合法的目录",
        "最多 {depth} 层，每层为 1 到 64 个字母、数字、汉字、_ 或 -",
    ),
    "too-many-nodes": ("有 {count} 个节点，最多 {limit} 个", "请拆分作业"),
    "node-doubled": ("节点名 {node} 重复", "节点名不能重复"),
    "predecessor-unknown": ("节点 {node} 的前置节点 {predecessor} 不存在", "修正 preNodeName"),
    "nodes-cyclic": ("节点形成环：{cycle}", "请去掉环"),
    "mrs-queue-unset": (
        "节点 {node} 没有填写 MRS 资源队列，本工作空间要求必填",
        "填写 queueName，或设置 mrs_queue_mandatory=false",
    ),
    "word-former": ("值为 {value}，是 2021 年接口文档中的写法", "请改为含义相同的 {now}"),
    "value-required": ("未填写，而服务要求必填", "请填写"),
    "schedule-missing": ("未填写，而服务要求必填", "请填写调度配置；EXECUTE_ONCE 表示仅在手动启动时运行"),
    "zone-unknown": ("为 {zone}，不是有效的时区", "请改为 Asia/Shanghai 或 GMT+8 这样的写法，或映射时区"),
    "time-illegal": ("为 {time}，不是有效的时间", "请按 2026-10-22T23:59:59+08 的格式填写"),
    "cron-illegal": (
        "表达式 {expression} 不合法：第 {field} 段为 {value}，该段允许 {allowed}",
        "修正表达式，依次为秒（0）、分、时、日、月、周，以及可选的年",
    ),
    "cron-monthly": ("表达式 {expression} 指定了月份，而服务文档中该段只有 *", "若服务拒绝，请将月份改为 *"),
    "dws-address-missing": ("既没有集群名也没有地址和端口", "填写 clusterName，或 ip 和 port"),
    "twin-names": ("与 {other} 仅大小写或重音不同", "如非同一对象，请改名"),
    "legacy-name-encoding": ("文件名编码为 {encoding}，读作 {name}", "请核对名称"),
    "unknown-entry": ("含有 {count} 个无法识别的条目，例如 {example}", "已忽略"),
    "name-doubled": ("在包中出现多次且内容不同：{files}", "只保留一个"),
    "identity-conflict": ("按唯一标识对应本地 {target}，但名称 {name} 已被其他对象占用", "请在本地改名"),
    "already-exists": ("在本地已存在", "同名策略请选择跳过或覆盖"),
    "type-differs": ("本地类型为 {here}，包中类型为 {there}", "类型不可更改，请改名"),
    "target-not-stopped": ("在本地处于 {state} 状态", "请先停止"),
    "target-edited": (
        "自上次从该平台导入后已被 {by} 在本地修改",
        "请核对差异；在来源处修改，或设置 target_edited=overwrite",
    ),
    "both-edited": (
        "自上次从该平台导入后，本地（{by}，{at}）与来源处均有修改",
        "请核对双方并合并修改，或设置 target_edited=overwrite",
    ),
    "touched-since": ("在该次导入之后于 {at} 被 {by} 修改", "请核对；其余对象可用 --rest 撤销"),
    "tag-locked-since": (
        "会增加或去掉现已锁定的标签 {tag}",
        "请解锁 {tag}（`jobferry tag unlock`），或用 --rest 撤销其余对象",
    ),
    "locked-since": ("在该次导入之后被 {by} 锁定（自 {at}）", "请 {by} 解锁，或用 --rest 撤销其余对象"),
    "deleted-since": ("在该次导入之后已被删除", "用 --rest 撤销其余对象"),
    "name-taken-since": ("原名 {name} 现已被其他对象占用", "请先重命名该对象，或用 --rest 撤销其余对象"),
    "needed-here": (
        "为该次导入新建，现已被 {user_kind} {user} 引用",
        "请先修改引用方，或用 --rest 撤销其余对象",
    ),
    "quota-reached": ("将成为第 {number} 个；本工作空间最多 {limit} 个 {things}", "清理，或调大 {setting}"),
    "not-allowed-create": (
        "在本地不存在，用户 {user} 无权新建",
        "请向 {who} 申请角色 {roles}，或由有权限的用户导入",
    ),
    "not-allowed-overwrite": (
        "将被覆盖，用户 {user} 无权修改",
        "请向 {who} 申请角色 {roles}，或由有权限的用户导入",
    ),
    "directory-not-allowed": (
        "位于目录 {directory}，目录权限策略未向用户 {user} 开放该目录",
        "请向 {who} 申请目录权限策略，或导入到其他目录",
    ),
    "connection-missing": ("引用的数据连接 {need} 不存在", "请映射，或新建该连接"),
    "connection-type-differs": (
        "需要 {wanted} 类型的数据连接，而本地的 {need} 为 {here} 类型",
        "请映射到类型为 {wanted} 的数据连接",
    ),
    "script-missing": (
        "引用的脚本 {need} 在本地和包中都不存在",
        "请一并导出（包内 scripts/{need}.script），或映射，或挂起",
    ),
    "resource-missing": (
        "引用的资源 {need} 在本地和包中都不存在",
        "请一并导出（包内 resources/{need}.resource），或映射，或挂起",
    ),
    "cdm-missing": ("引用的 CDM 作业 {need} 在本地和包中都不存在", "请确认集群中有该作业"),
    "queue-missing": ("引用的队列 {need} 不存在", _MAP_OR_ADD),
    "agent-missing": ("引用的代理 {need} 不存在", _MAP_OR_ADD),
    "cluster-missing": ("引用的集群 {need} 不存在", _MAP_OR_ADD),
    "resource-group-missing": ("引用的资源组 {need} 不存在", _MAP_OR_ADD),
    "stream-missing": ("引用的通道 {need} 不存在", _MAP_OR_ADD),
    "graph-missing": ("引用的图 {need} 不存在", _MAP_OR_ADD),
    "quality-monitor-missing": ("引用的质量监控 {need} 不存在", _MAP_OR_ADD),
    "sync-task-missing": ("引用的离线同步任务 {need} 不存在", _MAP_OR_ADD),
    "roma-instance-missing": ("引用的 ROMA 实例 {need} 不存在", _MAP_OR_ADD),
    "tics-instance-missing": ("引用的 TICS 实例 {need} 不存在", _MAP_OR_ADD),
    "drs-task-missing": ("引用的 DRS 任务 {need} 不存在", _MAP_OR_ADD),
    "user-missing": ("中的用户 {need} 在本地不存在（{count} 个对象）", _MAP_OR_ADD),
    "variable-missing": (
        "使用的环境变量 {need} 在本地未设置（{count} 个对象）",
        "用 `jobferry variable set` 添加",
    ),
    "nested-job-missing": (
        "调用的作业 {need} 在本地和包中都不存在",
        "请一并导出（包内 jobs/{need}.job），或映射，或挂起",
    ),
    "upstream-job-missing": (
        "依赖的上游作业 {need} 在本地和包中都不存在",
        "请先导入，或一并导出（包内 jobs/{need}.job），或映射，或挂起",
    ),
    "waits-in-circle": (
        "在同一周期内循环依赖，相关作业将永远无法启动：{circle}",
        "请去掉其中一个依赖，或改为依赖上一周期（PRE_PERIOD）",
    ),
    "workspace-missing": ("依赖的工作空间 {need} 不存在", "请新建该工作空间，或映射"),
    "upstream-elsewhere-missing": ("依赖的工作空间 {workspace} 中没有作业 {need}", "请先在该工作空间导入"),
    "upstream-elsewhere-refused": (
        "依赖工作空间 {workspace} 的作业 {need}，该工作空间不允许其他工作空间依赖其作业",
        "请去掉该依赖，或将该工作空间的 job_dependency_rule 设为 allowed",
    ),
    "inventory-unknown": (
        "引用了{kind} {need}，但本平台清单中没有该类信息（{count} 个对象）",
        "请登记已有的资源（`jobferry inventory add`），或将该类型视为已存在（`jobferry inventory accept {typed_kind}`）",
    ),
    "needed-left-out": ("需要的对象未能导入{because}", "请先解决该对象的问题"),
    "only-used-left-out": ("仅被未能导入的对象使用", "请先解决那些对象的问题"),
    "package-held-back": ("因包内其他对象未通过而未导入", "请先解决那些对象的问题，或按作业导入"),
    "mapping-unused": ("将 {kind} {need} 映射为 {local}，但包中没有该名称", "请核对名称，或从映射中去掉"),
    "mapping-chained": ("映射 {kind} {chain}；每个名称只映射一次", "如需最终名称，请直接映射到它"),
    "mapping-merges": ("将多个名称映射为同一 {kind} {local}：{names}", "如需能映射回去，请分别映射"),
    "mapping-target-missing": (
        "将 {kind} {need} 映射为 {local}，但本地不存在",
        "请改为映射到已有对象，或先新建",
    ),
    "mapping-target-kind": ("将 {kind} {need} 映射为 {local}，但它在本地是 {other}", "请映射到同类对象"),
    "text-unparsed": (
        "第 {line} 行提到数据库 {need}，但该 SQL 无法解析（{count} 处），未作改动",
        "请核对，必要时在来源处修改",
    ),
    "text-case": ("第 {line} 行把被映射的数据库写作 {need}（{count} 处），未作改动", "请同时映射 {need}"),
    "text-needs-quotes": (
        "第 {line} 行的数据库 {need} 没有引号，而映射后的名称需要引号（{count} 处），未作改动",
        "请在来源处为该名称加引号",
    ),
    "text-too-large": (
        "第 {line} 行（其后可能还有）提到 {need}；未映射：文本过大",
        "请核对；可拆分该文本或拆分任务包，必要时在来源处修改",
    ),
    "text-not-sql": (
        "第 {line} 行提到数据库 {need}，但该文本不是 SQL（{count} 处），未作改动",
        "请核对，必要时在来源处修改",
    ),
    "remains-quality-monitors": (
        "引用了质量监控，其配置不随包导出：{names}",
        "请确认各质量监控已在本地配置",
    ),
    "remains-sync-tasks": (
        "引用了离线同步任务，其配置不随包导出：{names}",
        "请确认各同步任务已在本地配置",
    ),
    "remains-resource-groups": (
        "引用了 {count} 个资源组，资源组不随包导出：{names}",
        "请确认其在本地的资源满足任务需要",
    ),
    "remains-table-data": (
        "引用了 {count} 个数据库，其中的表和数据不随包导出：{names}",
        "请确认表和数据已在本地就绪",
    ),
    "remains-passwords": ("引用了 {count} 个在本地没有密码的数据连接：{names}", "请补充密码"),
    "remains-sensitive-values": (
        "有 {count} 个对象的敏感值导出时已清空，本地也为空：{names}",
        "请在本地填写",
    ),
    "time-zone-differs": (
        "有 {count} 个作业按 {zone} 调度，本工作空间为 {local}（例如 {example}）",
        "为本次导入指定时区，或保持原样",
    ),
    "renamed-in-use": (
        "在本地名为 {former}，将随来源改名；本地仍有作业按旧名引用（{count} 个：{example}）",
        "请同时修改这些作业，或一并导入来源中的这些作业",
    ),
    "schedule-ended": (
        "其调度已于 {end} 结束，不会再按调度启动",
        "如仍需运行，请推迟或取消结束时间",
    ),
    "schedule-not-convertible": (
        "按 {zone} 的 {expression} 调度，在 {there} 中没有触发时刻相同的表达式",
        "请改为仅更换时区（--zone-mode relabel）、保持原样，或在来源处修改调度",
    ),
    "parameter-unknown": ("没有定义被赋值的参数 {parameter}", "请核对参数名"),
    "override-unknown": ("被赋予参数，但包中没有该作业", "请核对作业名"),
    "locked-by-another": (
        "自 {since} 起由 {holder} 锁定，锁策略为硬锁",
        "请 {holder} 解锁，或由以下人员导入：{who}",
    ),
    "locks-overridden": (
        "将覆盖 {holder} 锁定的 {count} 个对象（例如 {example}），其锁转给 {user}",
        "请先与 {holder} 确认：未保存的内容会丢失",
    ),
    "tag-locked": (
        "带有标签 {tag}，该标签在本工作空间已锁定",
        "请在来源处去掉该标签，或在本地解锁 {tag}（`jobferry tag unlock`）",
    ),
    "tag-locked-here": (
        "会去掉本地作业上已锁定的标签 {tag}",
        "请解锁 {tag}（`jobferry tag unlock`），或不导入该作业",
    ),
    "tag-illegal": ("带有标签 {tag}，标签名不合法", "请使用 1 到 128 个可见字符，首尾不含空格"),
    "tags-too-many": (
        "带来标签 {tag}，而一个工作空间最多 {limit} 个标签",
        "请删除本地没有作业使用的标签，或在来源处减少标签",
    ),
    "locks-taken": (
        "{by} 已获取工作空间 {workspace} 中 {things} 的锁，该锁原由您持有",
        "未保存的内容将无法保存；请重新打开以查看最新内容",
    ),
    "locks-released": (
        "{by} 已释放工作空间 {workspace} 中 {things} 的锁，该锁原由您持有",
        "继续编辑前请重新获取锁：`jobferry lock take`",
    ),
    "locks-overwritten": (
        "{by} 已将包 {package} 导入工作空间 {workspace}，覆盖了由您锁定的 {things}",
        "请查看导入内容；未保存的内容将无法保存",
    ),
    "export-finished": (
        "工作空间 {workspace} 的导出包 {package} 已生成：{said}",
        "请查看 `jobferry download list`",
    ),
    "export-failed": (
        "工作空间 {workspace} 的导出包 {package} 生成失败：{said}",
        "请查看 `jobferry download list`，然后重新导出",
    ),
    "asset-backup-failed": (
        "工作空间 {workspace} 的资产备份 {name} 失败：{said}",
        "查看 `jobferry asset-backup status`；每日备份会每小时重试一次，最多四次",
    ),
    "import-finished": (
        "包 {package} 已导入工作空间 {workspace}：{said}",
        "请查看 `jobferry receipt list`",
    ),
    "import-failed": (
        "包 {package} 导入工作空间 {workspace} 失败：{said}",
        "查看回执，或重新检查该包：`jobferry check`",
    ),
    "not-allowed-publish": ("将不经审批或发布直接上线，{user} 无权如此操作", "以提交状态导入，或联系 {who}"),
    "approvers-missing": (
        "上线前需要审批，但未指定审批人",
        "用 --approver（API：approvers）从 {who} 中指定，或以保存状态导入",
    ),
    "review-pending": ("已在等待审批（{review}）", "等待审批结束、撤回申请，或以保存状态导入"),
    "backup-failed": (
        "平台备份到 {place} 失败：{said}",
        "请检查该位置及其剩余空间；每小时会重试一次",
    ),
    "sign-in-due": (
        "您通过登录提供方登录，您的令牌和密钥将于 {until} 停止有效",
        "请在此之前通过提供方登录控制台；之后再登录，令牌和密钥会恢复有效",
    ),
    "backup-finished": ("平台备份已恢复正常：{path}", "无需处理"),
    "review-asked": (
        "{by} 请您审批工作空间 {workspace} 中的 {name}",
        "查看并审批：`jobferry review show {id}`",
    ),
    "review-decided": (
        "{by} 已处理工作空间 {workspace} 中 {name} 的审批：{state}（{said}）",
        "查看 `jobferry review show {id}`",
    ),
    "release-asked": (
        "{by} 请您审批工作空间 {workspace} 的发布包 {name}",
        "查看并审批：`jobferry release show {id}`",
    ),
    "release-decided": (
        "{by} 已处理工作空间 {workspace} 的发布包 {name}：{state}（{said}）",
        "查看 `jobferry release show {id}`",
    ),
    "connection-incomplete": (
        "使用的数据连接 {need} 在本地缺少密码（{count} 个对象）；使用它的作业不能启动",
        "用 `jobferry connection secret {need}` 补充",
    ),
    "variable-incomplete": (
        "使用的环境变量 {need} 在本地尚未赋值（{count} 个对象）",
        "用 `jobferry variable set` 设置",
    ),
    "file-absent": (
        "引用的文件 {sha256} 不在包中",
        "用 --with-files 重新导出",
    ),
    "resource-file-missing": (
        "引用的文件 {location} 不存在，使用它的作业将会失败",
        "请上传该文件，或映射其路径，或用 --with-files 重新导出",
    ),
    "remains-resource-files": (
        "有 {count} 个资源的文件无法在本地核实：{names}",
        "请确认这些文件在其所示位置",
    ),
    "file-place-missing": (
        "随包带有文件，但本工作空间没有存放位置",
        "设置工作空间的 default_object_path，例如 obs://bucket/folder",
    ),
    "deletion-not-confirmed": (
        "来源处已删除，本地保留",
        "如需在本地一并删除：--apply-deletions，或用 --delete 逐个指定（API：apply_deletions、delete）",
    ),
    "deletion-unknown": (
        "被指定删除，但包中没有来源处删除它的记录，或本地没有该对象",
        "请核对类型和名称；导入计划中列出了可删除的对象",
    ),
    "deletion-not-stopped": (
        "来源处已删除，本地状态为 {state}",
        "请先停止",
    ),
    "deletion-locked": (
        "来源处已删除，本地自 {since} 起被 {holder} 锁定",
        "请 {holder} 解锁",
    ),
    "deletion-edited": (
        "来源处已删除，而本地在上次导入之后被 {by} 修改过",
        "删除前请先查看；修改内容保留，可撤销",
    ),
    "deletion-needed": (
        "来源处已删除，但本地的 {user_kind} {user} 仍引用它",
        "请先修改引用方",
    ),
    "deletion-not-allowed": (
        "来源处已删除，但 {user} 无权删除 {directory} 中的该对象",
        "向 {who} 申请角色 {roles}，或由有该角色的人导入",
    ),
    "deletion-in-review": (
        "来源处已删除，在本地删除需要审批或发布",
        "请手工删除并提交审批",
    ),
    "deletion-held-back": (
        "因包中有对象失败而保留在本地",
        "修复该对象，或以 outcome=job 导入",
    ),
    "name-not-freed": (
        "未导入：本地的 {kind} {need} 仍占用该名称",
        "请查看该对象为何未变",
    ),
}
"""Messages follow the name of their subject; remedies are what to do next."""
