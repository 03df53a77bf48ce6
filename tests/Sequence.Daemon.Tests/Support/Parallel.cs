// Each class has daemons and folders of its own, and most of their time is waiting.
[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.ClassLevel)]
