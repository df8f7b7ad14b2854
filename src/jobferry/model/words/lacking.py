"""What is said of connections without their secrets, variables without a value, resources without a file."""

from __future__ import annotations

ENGLISH: dict[str, tuple[str, str]] = {
    "connection-incomplete": (
        "uses the connection {need}, which lacks its secrets here ({count} objects); jobs with it do not start",
        "give them with jobferry connection secret {need}",
    ),
    "variable-incomplete": (
        "uses the variable {need}, which was never given a value here ({count} objects)",
        "set it with jobferry variable add",
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
}

CHINESE: dict[str, tuple[str, str]] = {
    "connection-incomplete": (
        "使用的数据连接 {need} 在本地缺少密码（{count} 个对象）；使用它的作业不能启动",
        "用 jobferry connection secret {need} 补充",
    ),
    "variable-incomplete": (
        "使用的环境变量 {need} 在本地尚未赋值（{count} 个对象）",
        "用 jobferry variable add 设置",
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
}
