"""Chinese: what is said about lines that cannot be carried out as they are, by English templates."""

SENTENCES: dict[str, str] = {
    "it is not a whole number": "不是整数",
    "it is not a number": "不是数字",
    "it is too small": "过小",
    "it is too large": "过大",
    "see `{command} --help`": "请查看 `{command} --help`",
    "{name} does not take {value}: {reason}": "{name} 不接受 {value}：{reason}",
    "{name} does not take {value}": "{name} 不接受 {value}",
    "there is no command {command}": "没有命令 {command}",
    "there are too many arguments: {arguments}": "参数过多：{arguments}",
    "put a name with spaces into quotes, or {see}": "含空格的名称请加引号，或{see}",
    "this line cannot be read": "无法解析该命令行",
    "there is no option {option}": "没有选项 {option}",
    "the option {option} needs a value": "选项 {option} 需要一个值",
    "the option {option} takes no value": "选项 {option} 不带值",
    "{name} is missing": "缺少 {name}",
    "use one of: {values}": "可选值：{values}",
    "there is no import here that was not taken back": "本工作空间没有尚未撤销的导入",
    "`jobferry receipt list` shows them": "请查看 `jobferry receipt list`",
    "name the receipt of an import, or say --last": "请给出导入的回执，或使用 --last",
    "{count} ids begin with {beginning}": "有 {count} 个 ID 以 {beginning} 开头",
    "write more of it: {ids}": "请写得更完整：{ids}",
    "save the file as UTF-8": "请将文件另存为 UTF-8",
    "have its limit raised (nginx: client_max_body_size), or split the package": (
        "请调高其限制（nginx：client_max_body_size），或拆分该包"
    ),
    "see whether the platform runs, and whether the proxy waits long enough for it (nginx: proxy_read_timeout)": (
        "请检查平台是否在运行，以及代理的等待时间是否足够（nginx：proxy_read_timeout）"
    ),
    "name the address at which the platform itself answers, often with https": (
        "请使用平台自身的地址，通常为 https"
    ),
    "check the address given with --server, its path too": "请检查 --server 给出的地址及其路径",
    "a proxy in front of {place} lets no body of this size through": "{place} 前的代理不允许这么大的请求体",
    "a proxy answers at {place}, and reaches no platform behind it (HTTP {status})": (
        "{place} 由代理应答，但代理连不上其后的平台（HTTP {status}）"
    ),
    "{place} sends commands on to {address}": "{place} 将请求重定向到 {address}",
    "{place} answers with a page for browsers (HTTP {status}), so it is not the address of a platform, or a proxy is "
    "in the way": "{place} 返回的是网页（HTTP {status}），因此不是平台的地址，或中间有代理",
    "did you mean {name}? {known}": "是否想输入 {name}？{known}",
    "did you mean {setting}? {elsewhere}": "是否想输入 {setting}？{elsewhere}",
    "for example `jobferry export ods_orders -o orders.zip`": "例如 `jobferry export ods_orders -o orders.zip`",
    "write a whole number, or all": "请写整数或 all",
    "use one of: {choices}": "可选值：{choices}",
    "use true or false": "请使用 true 或 false",
    "use a whole number from 1 to {most}": "请使用 1 到 {most} 的整数",
    "name at least one pattern, such as *password*": "请至少给出一个模式，例如 *password*",
    "use some of these, separated by commas: {choices}": "请从中选择，以逗号分隔：{choices}",
    "use a directory such as /imports, at most 10 levels deep": "请使用 /imports 之类的目录，最多 10 级",
    "use off, or a tag of 1 to 128 printable characters without spaces at either end": (
        "请使用 off，或 1 到 128 个可显示字符、首尾无空格的标签"
    ),
    "use a folder in object storage such as obs://bucket/exports": "请使用 obs://bucket/exports 之类的对象存储目录",
    "add --since TIME": "请加上 --since TIME",
    "{role} is not a role in a workspace": "{role} 不是工作空间的角色",
    "roles are: {roles}": "角色有：{roles}",
    "`jobferry inventory add queue etl_prod`, or `jobferry inventory add --from orders.zip`": (
        "例如 `jobferry inventory add queue etl_prod`，或 `jobferry inventory add --from orders.zip`"
    ),
    "see `jobferry variable list`": "请查看 `jobferry variable list`",
    "see `jobferry inventory list`": "请查看 `jobferry inventory list`",
    "see `jobferry connection list`": "请查看 `jobferry connection list`",
    "see `jobferry connection create --help`": "请查看 `jobferry connection create --help`",
}
