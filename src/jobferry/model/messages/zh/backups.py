"""Chinese: what is said about backups, by English templates."""

SENTENCES: dict[str, str] = {
    "--with-key and --key-file name two keys": "--with-key 与 --key-file 指定了两个密钥",
    "choose another folder with --data": "请用 --data 指定其他目录",
    "give one of them only": "请只给出其中一个",
    "give the file key of that platform's data folder": "请给出该平台数据目录中的 key 文件",
    "give the key of the platform's data folder with --key-file": "请用 --key-file 给出该平台数据目录的密钥",
    "give the passphrase that the backup was made with, or the key itself with --key-file": "请给出备份时使用的口令，或用 --key-file 给出密钥本身",
    "make room in the data folder; nothing was backed up": "请在数据目录中腾出空间；未生成备份",
    "move that file away first, if the platform does not need it": "如果平台不再需要该文件，请先将其移走",
    "move it away, or name another folder with JOBFERRY_PACKAGES": "请将其移走，或用 JOBFERRY_PACKAGES 指定其他目录",
    "name a new or empty folder with --data: nothing here overwrites a platform": "请用 --data 指定新的或空的目录：恢复不会覆盖已有平台",
    "name an empty one: nothing here overwrites a platform": "请指定空的数据库：不会覆盖已有平台",
    "name its database with JOBFERRY_DATABASE": "请用 JOBFERRY_DATABASE 指定其数据库",
    "name the file key of the platform's data folder": "请指定该平台数据目录中的 key 文件",
    "nothing was copied; tell the makers of Jobferry": "未复制任何内容；请告知 Jobferry 的开发者",
    "passphrase": "口令",
    "row {number} of the audit: {breach}": "审计第 {number} 行：{breach}",
    "rows of the table {name} do not fit: {reason}": "表 {name} 的行互不相符：{reason}",
    "start it once": "请先启动一次",
    "the backup holds no key": "备份中没有密钥",
    "the copy of the table {name} differs from what was copied": "表 {name} 的副本与原表不同",
    "the database {name} is not empty": "数据库 {name} 不是空的",
    "the file {path} was changed": "文件 {path} 被改动过",
    "the key does not belong to the platform in the backup": "该密钥不属于备份中的平台",
    "the key {file} cannot be read": "无法读取密钥 {file}",
    "the passphrase does not open the backup's key": "该口令无法打开备份中的密钥",
    "the rows of the table {name} were changed": "表 {name} 的行被改动过",
    "the table {name} has other columns here": "此处的表 {name} 列不同",
    "the text {digest} has another digest": "文本 {digest} 的摘要不符",
    "this platform is in SQLite already": "该平台已在使用 SQLite",
    "use another backup": "请使用其他备份",
    "use another backup; nothing was restored from this one": "请使用其他备份；未从此备份恢复任何内容",
    "what was given is not the key of a data folder": "给出的内容不是数据目录的密钥",
    "write postgresql://user@host/database, or sqlite for the data folder": "请写成 postgresql://用户@主机/数据库，或写 sqlite 表示数据目录",
    "{file} cannot be copied: {reason}": "无法复制 {file}：{reason}",
    "{file} does not say what it holds": "{file} 没有说明其内容",
    "{file} is no backup, or only a part of one": "{file} 不是备份，或只是备份的一部分",
    "{file} names files outside of a data folder": "{file} 中的文件指向数据目录之外",
    "{file} was made by a newer Jobferry": "{file} 由更新版本的 Jobferry 生成",
    "{folder} cannot be made: {reason}": "无法创建 {folder}：{reason}",
    "{folder} is not empty": "{folder} 不是空的",
    "{place} holds packages already": "{place} 中已有作业包",
    "delete them if no platform needs them, or name another place with JOBFERRY_PACKAGES": (
        "如果没有平台需要这些作业包，请将其删除；或用 JOBFERRY_PACKAGES 指定其他位置"
    ),
    "{reason}; packages of the backup are left in {place}": "{reason}；备份中的作业包仍留在 {place}",
    "restore again when the store answers: that removes them first; if it does not, delete what lies in that "
    "place": "请在存储恢复响应后再次恢复：恢复会先删除这些作业包；如未删除，请删除该位置中的内容",
    "a passphrase has {shortest} characters or more": "口令至少包含 {shortest} 个字符",
    "the backup is not authenticated: it has no MAC, as those of older versions": "该备份未经认证：没有消息认证码（旧版本的备份都没有）",
    "if you know where it comes from, restore it with --unauthenticated; nothing was restored": (
        "如果清楚该备份的来源，请用 --unauthenticated 恢复；未恢复任何内容"
    ),
    "the index of the backup was changed: its MAC is not of the platform's key": (
        "备份的索引被改动过：其消息认证码与平台的密钥不符"
    ),
    "the platform has too many files for a backup: {count:,}": "平台的文件过多，无法备份：{count:,} 个",
    "move objects into an object store, which no backup contains": "请将对象移到对象存储中，备份不包含对象存储的内容",
    "{file} contains {names}, which no backup contains": "{file} 包含备份中不会有的文件 {names}",
    "{file} contains {names}, which its index does not list once": "{file} 包含 {names}，索引中没有列出或有重复",
    "{name} in the backup is damaged": "备份中的 {name} 已损坏",
    "{to} is not the address of a PostgreSQL database": "{to} 不是 PostgreSQL 数据库的地址",
    "the bucket {bucket} is in the data folder, which is what is backed up": (
        "桶 {bucket} 位于数据文件夹中，而备份的正是数据文件夹"
    ),
    "name a folder elsewhere, or a bucket of an object store": "请指定其他位置的文件夹，或对象存储中的桶",
    "{folder} is in {own}, which is what is backed up": "{folder} 位于 {own} 中，而备份的正是该文件夹",
    "name a folder elsewhere, best on another machine's disk, or one of an object store": (
        "请指定其他位置的文件夹（最好在另一台机器的磁盘上），或对象存储中的文件夹"
    ),
    "another server has begun this backup": "另一个服务进程已开始该备份",
    "check the place and its room; a served platform tries again every hour": (
        "请检查该位置及其剩余空间；提供服务的平台每小时重试一次"
    ),
    "check the store, or the folder's disk": "请检查对象存储，或该文件夹所在的磁盘",
    "no backup was taken yet into {place}": "尚未备份到 {place}",
    "the last good backup is {path}, of {at}": "最近一次成功的备份是 {path}，时间 {at}",
    "{path} was written, and is not there": "{path} 已写入，但不存在",
    "{path} was not as it was written: {reason}": "{path} 与写入的内容不符：{reason}",
    "{told}; the last one failed: {reason}": "{told}；最近一次失败：{reason}",
    "Where the platform backs itself up each day: a folder of the server outside of its data folder, or a folder "
    "in an object store. Nothing is backed up while it is empty.": (
        "平台每天将自身备份到何处：服务器上数据文件夹以外的文件夹，或对象存储中的文件夹。为空时不备份。"
    ),
    "The hour of the day at which it does so.": "每天进行该备份的时刻（小时）。",
    "The time zone of that hour.": "该时刻所用的时区。",
    "Days that such backups are kept; older ones go when another one is there.": (
        "这些备份的保留天数；有了新的备份后，更旧的会被删除。"
    ),
    "use a whole hour from 0 to 23": "请使用 0 到 23 的整点小时",
    "use a folder such as /var/backups/jobferry, or obs://bucket/backups": (
        "请使用文件夹，例如 /var/backups/jobferry，或 obs://bucket/backups"
    ),
}
