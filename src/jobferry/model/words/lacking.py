"""What is said of connections without their secrets and variables without a value."""

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
}
